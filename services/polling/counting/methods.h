#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/polling/counting/question.h"
#include "services/polling/counting/result.h"

// The methods of counting that Tally uses: docs/polling-counting.md. Pure.

namespace veche::polling::counting {

// Equal answers and their number. RANKING: options best first; else in the order of the definition.
struct Answers {
  std::vector<uint8_t> options;
  int64_t times = 0;
};

// Fills in `schulze` and `order` of the result.
void CountSchulze(absl::Span<const Answers> answers, int options, Result& result);

// REQUIRES: `votes` has the number of answers that hold each option.
BudgetResult CountGreedy(const Question& question, absl::Span<const int64_t> votes);
BudgetResult CountEqualShares(const Question& question, absl::Span<const Answers> answers,
                              absl::Span<const int64_t> votes);

}  // namespace veche::polling::counting
