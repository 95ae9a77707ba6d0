#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/triage/priority.h"
#include "services/classification/wording/emergency.h"
#include "services/classification/wording/phrases.h"

namespace veche::classification {

using Priority = triage::Level;

// The facts of an appeal that decide its priority.
struct PriorityInputs {
  absl::string_view topic;               // "" when unknown
  absl::string_view text;                //
  const WordScan& scan;                  // of `text`
  const Emergency* emergency = nullptr;  // null for none
};

// Scores the priority of an appeal by hazard, topic and words. Immutable, thread-safe.
class PriorityRules {
 public:
  // Lines "reason <tab> points <tab> by <tab> value" under a header, where `by` is
  //   hazard    value: a kind of emergency, "*" for any other
  //   topic     value: a topic
  //   words     value: a pattern (see PhraseMatcher)
  // InvalidArgument with the line.
  static absl::StatusOr<PriorityRules> Parse(absl::string_view rules);

  // Pure: the same inputs give the same reasons.
  triage::Assessment Judge(const PriorityInputs& inputs) const;

 private:
  struct Weight {
    std::string reason;
    int points = 0;
  };
  using Weights = absl::flat_hash_map<std::string, Weight>;

  PriorityRules(PhraseMatcher matcher, std::vector<Weight> words, Weights topics, Weights hazards)
      : matcher_(std::move(matcher)),
        words_(std::move(words)),
        topics_(std::move(topics)),
        hazards_(std::move(hazards)) {}

  PhraseMatcher matcher_;
  std::vector<Weight> words_;  // by pattern
  Weights topics_;
  Weights hazards_;
};

}  // namespace veche::classification
