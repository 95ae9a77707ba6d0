#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "services/polling/counting/question.h"
#include "services/polling/counting/result.h"

namespace veche::polling::counting {

// Collects the answers to one question and counts them. Equal answers are kept once with their
// number, so memory grows with distinct answers only. The result does not depend on the order of
// Add. Not thread-safe.
class Tally {
 public:
  // REQUIRES: CheckQuestion is kNone.
  explicit Tally(Question question);

  // Adds `times` equal answers. Returns what CheckAnswer says; an answer with an error is not
  // counted.
  AnswerError Add(absl::Span<const int> answer, int64_t times = 1);

  // Counts ballots that leave the question out.
  void AddSkipped(int64_t times = 1) { skipped_ += times; }

  // The result of what was added so far.
  Result Count() const;

  const Question& question() const { return question_; }

 private:
  const Question question_;
  int64_t skipped_ = 0;
  std::vector<uint8_t> key_;  // scratch of Add
  absl::flat_hash_map<std::vector<uint8_t>, int64_t> answers_;
};

}  // namespace veche::polling::counting
