#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/events/event_log.h"

// What staff decided about appeals: the examples that a city's model learns from. Pure.

namespace veche::classification {

// Both are stored as numbers, so none ever changes.
enum class LabelKind { kCategory = 1, kDepartment = 2, kMerge = 3 };
enum class Decision { kKept = 1, kChanged = 2, kCorrected = 3, kMerged = 4 };

// A label that a person gave an appeal, with where it comes from.
struct Decided {
  bool operator==(const Decided&) const = default;
  std::string appeal;  // "appeals/{id}"
  LabelKind kind = LabelKind::kCategory;
  Decision decision = Decision::kKept;
  std::string label;     // "categories/{id}", "departments/{id}", "appeals/{id}" merged into
  std::string previous;  // the label before, "" for none
  std::string staff;     // "staff/{id}"
  absl::Time time;
  // What had been suggested when the appeal was routed; "" where that is not known.
  std::string model = {};  // version
  std::string suggested = {};
  std::string shadow_model = {};
  std::string shadow = {};
};

// What was said of an appeal when it was routed.
struct Routing {
  bool operator==(const Routing&) const = default;
  std::string appeal;
  std::string category;    // the model's first answer, followed or not; "" without one
  std::string department;  // that it was given to; "" for a person's triage
  std::string model;       // version
  bool confident = false;
  absl::Time time;
  std::string shadow_model = {};  // the candidate that was asked too
  std::string shadow = {};        // its first answer
};

// What an event of appeals means for learning.
struct Lesson {
  std::optional<Routing> routing;
  std::vector<Decided> decisions;
};

// Reads an event of the appeals' log. Only staff decide: a category or department that they
// changed, one that they left as it was when they began or answered, a repeat that they merged.
// Nothing when the event's data cannot be read.
std::optional<Lesson> ReadLesson(const events::Event& event);

// How much a decision counts in training: one that somebody took the trouble of is worth two that
// were only not objected to.
double WeightOf(Decision decision);

}  // namespace veche::classification
