#pragma once

#include <string>

#include "absl/time/time.h"

// What the classifier suggested for appeals, and what staff decided: the examples that a city's
// model learns from. Pure.

namespace veche::classification {

// Both are stored as numbers; do not change a number.
enum class LabelKind { kCategory = 1, kDepartment = 2, kMerge = 3 };
enum class Decision { kKept = 1, kChanged = 2, kCorrected = 3, kMerged = 4 };

// A label that a member of staff gave to an appeal.
struct StaffDecision {
  bool operator==(const StaffDecision&) const = default;
  std::string appeal;  // "appeals/{id}"
  LabelKind kind = LabelKind::kCategory;
  Decision decision = Decision::kKept;
  std::string label;     // "categories/{id}", "departments/{id}"; of a merge "appeals/{id}"
  std::string previous;  // the label before; "" for none
  std::string staff;     // "staff/{id}"
  absl::Time time;
  // What was suggested when the appeal was routed; "" where that is unknown.
  std::string model = {};         // version
  std::string suggested = {};     // the model's label
  std::string shadow_model = {};  // version of the candidate in shadow
  std::string shadow = {};        // the candidate's label
};

// What was suggested for an appeal when it was routed.
struct Routing {
  bool operator==(const Routing&) const = default;
  std::string appeal;
  std::string
      category;  // the model's first suggestion, whether it was followed or not; "" for none
  std::string department;  // the department that got the appeal; "" when it waits for a person
  std::string model;       // version
  bool confident = false;
  absl::Time time;
  std::string shadow_model = {};  // version of the candidate that was asked as well
  std::string shadow = {};        // the candidate's first suggestion
};

// The weight of a decision in training: 1 for a label that a person chose, 0.5 for one that a
// person left as it was.
double WeightOf(Decision decision);

}  // namespace veche::classification
