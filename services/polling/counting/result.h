#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/polling/counting/question.h"

// Results of counting. Options are indexes into Question::options; all numbers are exact integers,
// so that every implementation gives the same. Plain data.

namespace veche::polling::counting {

struct RatingResult {
  int64_t sum = 0;              // of the values of all ratings; the mean is sum / answered
  int64_t mean_hundredths = 0;  // the mean × 100, halves rounded up; 0 without answers
  int64_t median_doubled = 0;   // the median × 2: the sum of the two middle values
};

struct SchulzeResult {
  // [a][b]: how many answers prefer a to b.
  std::vector<std::vector<int64_t>> preferences;
  // [a][b]: the strength of the strongest path from a to b; 0: no path.
  std::vector<std::vector<int64_t>> strengths;
};

// One option that a budget funds.
struct FundedOption {
  int option = 0;
  bool completion = false;  // equal shares: funded by the completion, not by the voters' shares
  // Options that were equal to this one in votes (shares: in the payment for a unit of price) and
  // in price: only the order of the definition put this one first.
  std::vector<int> tied;
};

struct BudgetResult {
  std::vector<FundedOption> funded;  // in the order in which they were funded
  int64_t spent = 0;                 // the sum of their prices
  int raises = 0;                    // equal shares: how often the voters' money was raised
};

struct Result {
  Method method = Method::kPlurality;
  int64_t answered = 0;  // answers counted
  int64_t skipped = 0;   // ballots without an answer to this question
  // For each option, how many answers hold it. RATING: the distribution.
  std::vector<int64_t> counts;
  // The options from best to worst; options of one group are tied, in the order of the definition.
  // By counts (plurality, approval, greedy, equal shares: the votes) or by Schulze. RATING: empty.
  std::vector<std::vector<int>> order;
  std::optional<RatingResult> rating;    // mean_rating
  std::optional<SchulzeResult> schulze;  // schulze
  std::optional<BudgetResult> budget;    // greedy, equal_shares
};

}  // namespace veche::polling::counting
