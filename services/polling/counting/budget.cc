#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>

#include "absl/numeric/int128.h"
#include "services/polling/counting/methods.h"

namespace veche::polling::counting {
namespace {

// Voters' money is counted in parts: the smallest unit of money is kParts × voters of them, so
// every voter's share of the budget is a whole number. Multiple of kRaises. Payments are rounded
// down: an option takes less than a part for each voter too little, so all kMostOptions together
// take less than one unit of money too little, and as prices are whole, the budget is kept.
constexpr int64_t kParts = 1'000'000;
constexpr int64_t kRaises = 20;  // a raise adds 1/kRaises of the budget
constexpr int kMostRaises = 100;

// A non-negative fraction.
struct Fraction {
  absl::int128 numerator = 0;
  absl::int128 denominator = 1;
};

// -1, 0 or 1. Compares the continued fractions: cross products could overflow.
int Compare(Fraction a, Fraction b) {
  for (int sign = 1;; sign = -sign) {
    const absl::int128 whole_a = a.numerator / a.denominator;
    const absl::int128 whole_b = b.numerator / b.denominator;
    if (whole_a != whole_b) return whole_a < whole_b ? -sign : sign;
    const absl::int128 rest_a = a.numerator % a.denominator;
    const absl::int128 rest_b = b.numerator % b.denominator;
    if (rest_a == 0 || rest_b == 0) {
      return rest_a == rest_b ? 0 : rest_a == 0 ? -sign : sign;
    }
    a = {a.denominator, rest_a};
    b = {b.denominator, rest_b};
  }
}

// Funds by greedy what fits into what is left of the budget.
void FundGreedily(const Question& question, absl::Span<const int64_t> votes, bool completion,
                  BudgetResult& result) {
  std::vector<bool> funded(votes.size());
  for (const FundedOption& option : result.funded) funded[option.option] = true;
  std::vector<int> order(votes.size());
  std::iota(order.begin(), order.end(), 0);
  const auto price = [&](int option) { return question.options[option].price; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return votes[a] != votes[b] ? votes[a] > votes[b] : price(a) < price(b);
  });
  for (size_t i = 0; i < order.size(); ++i) {
    const int option = order[i];
    if (funded[option] || votes[option] == 0 || price(option) > question.budget - result.spent) {
      continue;
    }
    FundedOption row{.option = option, .completion = completion};
    for (size_t j = i + 1; j < order.size(); ++j) {
      const int other = order[j];
      if (votes[other] != votes[option] || price(other) != price(option)) break;
      if (!funded[other]) row.tied.push_back(other);
    }
    result.spent += price(option);
    result.funded.push_back(std::move(row));
  }
}

// One election by equal shares: the voters' money and what each option would cost them.
class Shares {
 public:
  Shares(const Question& question, absl::Span<const Answers> answers)
      : question_(question), answers_(answers), supporters_(question.options.size()) {
    for (size_t i = 0; i < answers.size(); ++i) {
      voters_ += answers[i].times;
      for (const uint8_t option : answers[i].options) supporters_[option].push_back(i);
    }
  }

  BudgetResult Run(int raises) {
    balances_.assign(answers_.size(), question_.budget * (kParts / kRaises) * (kRaises + raises));
    candidates_.clear();
    for (size_t i = 0; i < supporters_.size(); ++i) {
      if (!supporters_[i].empty()) candidates_.push_back({.option = static_cast<int>(i)});
    }
    BudgetResult result{.raises = raises};
    while (std::optional<FundedOption> next = Next()) {
      result.spent += question_.options[next->option].price;
      result.funded.push_back(*std::move(next));
    }
    return result;
  }

 private:
  struct Candidate {
    int option = 0;
    Fraction rate;        // the payment for a unit of price; of an earlier round unless `fresh`
    int64_t payment = 0;  // of a supporter who has as much, rounded down
    bool fresh = false;
  };

  int64_t Price(const Candidate& candidate) const {
    return question_.options[candidate.option].price;
  }

  // Computes the smallest equal payment of the supporters. False if they cannot pay the price.
  bool Evaluate(Candidate& candidate) const {
    absl::int128 rest = absl::int128(Price(candidate)) * voters_ * kParts;
    absl::int128 money = 0;
    int64_t payers = 0;
    for (const size_t i : supporters_[candidate.option]) {
      money += absl::int128(balances_[i]) * answers_[i].times;
      payers += answers_[i].times;
    }
    if (money < rest) return false;
    // Supporters with less than the payment give all that they have; the others pay the rest.
    for (const absl::int128 price = rest;;) {
      const auto enough = static_cast<int64_t>((rest + payers - 1) / payers);
      absl::int128 poor_money = 0;
      int64_t rich = 0;
      for (const size_t i : supporters_[candidate.option]) {
        if (balances_[i] < enough) {
          poor_money += absl::int128(balances_[i]) * answers_[i].times;
        } else {
          rich += answers_[i].times;
        }
      }
      if (rich == payers) break;
      rest = price - poor_money;
      payers = rich;
    }
    candidate.rate = {rest, absl::int128(payers) * Price(candidate)};
    candidate.payment = static_cast<int64_t>(rest / payers);
    candidate.fresh = true;
    return true;
  }

  bool Before(const Candidate& a, const Candidate& b) const {
    const int rates = Compare(a.rate, b.rate);
    if (rates != 0) return rates < 0;
    if (Price(a) != Price(b)) return Price(a) < Price(b);
    return a.option < b.option;
  }

  // Funds the candidate with the lowest rate. Money only decreases, so an old rate is a lower
  // bound: only candidates that could be first are evaluated anew.
  std::optional<FundedOption> Next() {
    for (Candidate& candidate : candidates_) candidate.fresh = false;
    while (!candidates_.empty()) {
      const auto first =
          std::min_element(candidates_.begin(), candidates_.end(),
                           [&](const Candidate& a, const Candidate& b) { return Before(a, b); });
      const auto stale = std::find_if(candidates_.begin(), candidates_.end(), [&](const auto& c) {
        return !c.fresh && Compare(c.rate, first->rate) == 0;
      });
      if (stale == candidates_.end()) return Fund(first - candidates_.begin());
      if (!Evaluate(*stale)) candidates_.erase(stale);
    }
    return std::nullopt;
  }

  FundedOption Fund(size_t index) {
    const Candidate chosen = candidates_[index];
    candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(index));
    FundedOption row{.option = chosen.option};
    for (const Candidate& other : candidates_) {
      if (Price(other) == Price(chosen) && Compare(other.rate, chosen.rate) == 0) {
        row.tied.push_back(other.option);
      }
    }
    for (const size_t i : supporters_[chosen.option]) {
      balances_[i] -= std::min(balances_[i], chosen.payment);
    }
    return row;
  }

  const Question& question_;
  const absl::Span<const Answers> answers_;
  std::vector<std::vector<size_t>> supporters_;  // by option, indexes of answers
  int64_t voters_ = 0;
  std::vector<int64_t> balances_;      // by answer, of each of its voters
  std::vector<Candidate> candidates_;  // in the order of the definition
};

// Whether no other option with votes fits into what is left.
bool IsExhaustive(const Question& question, absl::Span<const int64_t> votes,
                  const BudgetResult& result) {
  BudgetResult more = result;
  FundGreedily(question, votes, true, more);
  return more.funded.size() == result.funded.size();
}

}  // namespace

BudgetResult CountGreedy(const Question& question, absl::Span<const int64_t> votes) {
  BudgetResult result;
  FundGreedily(question, votes, false, result);
  return result;
}

BudgetResult CountEqualShares(const Question& question, absl::Span<const Answers> answers,
                              absl::Span<const int64_t> votes) {
  Shares shares(question, answers);
  BudgetResult result = shares.Run(0);
  while (result.raises < kMostRaises && !IsExhaustive(question, votes, result)) {
    BudgetResult next = shares.Run(result.raises + 1);
    if (next.spent > question.budget) break;
    result = std::move(next);
  }
  FundGreedily(question, votes, true, result);
  return result;
}

}  // namespace veche::polling::counting
