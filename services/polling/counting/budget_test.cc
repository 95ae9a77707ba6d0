// Equal shares against a slow implementation with fractions, and properties of both methods.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include "services/polling/counting/tally.h"

namespace veche::polling::counting {
namespace {

using Rational = boost::multiprecision::cpp_rational;
using Ballots = std::vector<std::vector<int>>;

Question RandomQuestion(std::mt19937& random, Method method) {
  Question question{.method = method};
  const int options = 2 + static_cast<int>(random() % 5);
  for (int i = 0; i < options; ++i) {
    question.options.push_back({.id = std::to_string(i), .price = 50 + int64_t(random() % 450)});
  }
  question.budget = 500 + int64_t(random() % 500);
  return question;
}

Ballots RandomBallots(std::mt19937& random, const Question& question) {
  Ballots ballots(1 + random() % 15);
  for (auto& ballot : ballots) {
    while (ballot.empty()) {
      for (int i = 0; i < static_cast<int>(question.options.size()); ++i) {
        if (random() % 2 == 0) continue;
        ballot.push_back(i);
        if (CheckAnswer(question, ballot) != AnswerError::kNone) ballot.pop_back();
      }
    }
  }
  return ballots;
}

BudgetResult Count(const Question& question, const Ballots& ballots) {
  Tally tally(question);
  for (const auto& ballot : ballots) EXPECT_EQ(tally.Add(ballot), AnswerError::kNone);
  return *tally.Count().budget;
}

struct Payment {
  Rational rate;
  int64_t price = 0;
  int option = 0;
  Rational amount;  // of a supporter who has as much
};

// The method as in the literature: every voter has a purse, and nothing is rounded.
class SlowShares {
 public:
  SlowShares(const Question& question, const Ballots& ballots, int raises)
      : question_(question), ballots_(ballots) {
    const Rational share(question.budget * (20 + raises), 20 * int64_t(ballots.size()));
    purses_.assign(ballots.size(), share);
  }

  // The funded options in their order; nothing if only an exact tie of rates decided.
  std::optional<std::vector<int>> Run() {
    std::vector<int> funded;
    while (true) {
      std::vector<Payment> payments;
      for (int i = 0; i < static_cast<int>(question_.options.size()); ++i) {
        if (std::count(funded.begin(), funded.end(), i) > 0) continue;
        if (std::optional<Payment> payment = Price(i)) payments.push_back(*payment);
      }
      if (payments.empty()) return funded;
      std::sort(payments.begin(), payments.end(),
                [](const Payment& a, const Payment& b) { return a.rate < b.rate; });
      if (payments.size() > 1 && payments[0].rate == payments[1].rate) return std::nullopt;
      const Payment& next = payments.front();
      for (size_t i = 0; i < ballots_.size(); ++i) {
        if (Supports(i, next.option)) purses_[i] -= std::min(purses_[i], next.amount);
      }
      funded.push_back(next.option);
    }
  }

 private:
  bool Supports(size_t voter, int option) const {
    return std::count(ballots_[voter].begin(), ballots_[voter].end(), option) > 0;
  }

  std::optional<Payment> Price(int option) const {
    std::vector<Rational> purses;
    for (size_t i = 0; i < ballots_.size(); ++i) {
      if (Supports(i, option)) purses.push_back(purses_[i]);
    }
    std::sort(purses.begin(), purses.end());
    Rational rest = question_.options[option].price;
    for (size_t i = 0; i < purses.size(); ++i) {
      const Rational equal = rest / (purses.size() - i);
      if (purses[i] >= equal) {
        const int64_t price = question_.options[option].price;
        return Payment{equal / price, price, option, equal};
      }
      rest -= purses[i];
    }
    return std::nullopt;
  }

  const Question& question_;
  const Ballots& ballots_;
  std::vector<Rational> purses_;
};

TEST(EqualSharesTest, EqualsTheMethodWithFractions) {
  std::mt19937 random(1);
  int compared = 0;
  for (int round = 0; round < 400; ++round) {
    const Question question = RandomQuestion(random, Method::kEqualShares);
    const Ballots ballots = RandomBallots(random, question);
    const BudgetResult result = Count(question, ballots);
    std::vector<int> by_shares;
    for (const FundedOption& funded : result.funded) {
      if (!funded.completion) by_shares.push_back(funded.option);
    }
    const auto expected = SlowShares(question, ballots, result.raises).Run();
    if (!expected) continue;
    ++compared;
    EXPECT_EQ(by_shares, *expected);
    if (result.raises == 0) continue;
    // The raise before did not fund more than what fits.
    int64_t spent = 0;
    if (const auto before = SlowShares(question, ballots, result.raises - 1).Run()) {
      for (const int option : *before) spent += question.options[option].price;
      EXPECT_LE(spent, question.budget);
    }
  }
  EXPECT_GT(compared, 150);
}

TEST(BudgetTest, ResultsFitAndAreExhaustive) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    for (const Method method : {Method::kGreedy, Method::kEqualShares}) {
      const Question question = RandomQuestion(random, method);
      const Ballots ballots = RandomBallots(random, question);
      const BudgetResult result = Count(question, ballots);
      std::vector<bool> funded(question.options.size());
      int64_t spent = 0;
      for (const FundedOption& row : result.funded) {
        EXPECT_FALSE(funded[row.option]);
        funded[row.option] = true;
        spent += question.options[row.option].price;
      }
      EXPECT_EQ(result.spent, spent);
      EXPECT_LE(spent, question.budget);
      for (const auto& ballot : ballots) {
        for (const int option : ballot) {
          EXPECT_TRUE(funded[option] || spent + question.options[option].price > question.budget);
        }
      }
    }
  }
}

// Voters of a share of the budget that is enough for an option all of them want are not left
// without any option of theirs: proportionality's simplest case.
TEST(EqualSharesTest, ACohesiveGroupGetsSomething) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const Question question = RandomQuestion(random, Method::kEqualShares);
    const Ballots ballots = RandomBallots(random, question);
    const BudgetResult result = Count(question, ballots);
    for (int option = 0; option < static_cast<int>(question.options.size()); ++option) {
      Ballots group;
      for (const auto& ballot : ballots) {
        if (std::count(ballot.begin(), ballot.end(), option) > 0) group.push_back(ballot);
      }
      const int64_t money = question.budget * int64_t(group.size());
      if (money < question.options[option].price * int64_t(ballots.size())) continue;
      EXPECT_TRUE(std::any_of(result.funded.begin(), result.funded.end(), [&](const auto& row) {
        return std::any_of(group.begin(), group.end(), [&](const auto& ballot) {
          return std::count(ballot.begin(), ballot.end(), row.option) > 0;
        });
      }));
    }
  }
}

// Ballots in another order change nothing; renamed options give the renamed result, unless the
// result states a tie that the order of the definition decided.
TEST(BudgetTest, NeutralAndAnonymous) {
  std::mt19937 random(4);
  int compared = 0;
  for (int round = 0; round < 300; ++round) {
    const Method method = round % 2 ? Method::kGreedy : Method::kEqualShares;
    const Question question = RandomQuestion(random, method);
    Ballots ballots = RandomBallots(random, question);
    const BudgetResult result = Count(question, ballots);
    std::shuffle(ballots.begin(), ballots.end(), random);
    std::vector<int> name(question.options.size());
    std::iota(name.begin(), name.end(), 0);
    std::shuffle(name.begin(), name.end(), random);
    Question renamed = question;
    for (size_t i = 0; i < name.size(); ++i) renamed.options[name[i]] = question.options[i];
    for (auto& ballot : ballots) {
      for (int& option : ballot) option = name[option];
    }
    const BudgetResult other = Count(renamed, ballots);
    if (std::any_of(result.funded.begin(), result.funded.end(),
                    [](const FundedOption& row) { return !row.tied.empty(); })) {
      continue;
    }
    ++compared;
    ASSERT_EQ(other.funded.size(), result.funded.size());
    for (size_t i = 0; i < result.funded.size(); ++i) {
      EXPECT_EQ(other.funded[i].option, name[result.funded[i].option]);
      EXPECT_EQ(other.funded[i].completion, result.funded[i].completion);
    }
    EXPECT_EQ(other.raises, result.raises);
  }
  EXPECT_GT(compared, 200);
}

}  // namespace
}  // namespace veche::polling::counting
