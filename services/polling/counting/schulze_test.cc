// Schulze's method against an enumeration of all paths, and its properties, on random elections.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "services/polling/counting/tally.h"

namespace veche::polling::counting {
namespace {

using Matrix = std::vector<std::vector<int64_t>>;
using Ballots = std::vector<std::vector<int>>;

Question Ranking(int options) {
  Question question{.method = Method::kSchulze};
  for (int i = 0; i < options; ++i) question.options.push_back({.id = std::to_string(i)});
  return question;
}

Result Count(int options, const Ballots& ballots) {
  Tally tally(Ranking(options));
  for (const auto& ballot : ballots) EXPECT_EQ(tally.Add(ballot), AnswerError::kNone);
  return tally.Count();
}

Ballots RandomBallots(std::mt19937& random, int options) {
  Ballots ballots(1 + random() % 12);
  for (auto& ballot : ballots) {
    ballot.resize(options);
    std::iota(ballot.begin(), ballot.end(), 0);
    std::shuffle(ballot.begin(), ballot.end(), random);
    ballot.resize(1 + random() % options);
  }
  return ballots;
}

bool Prefers(const std::vector<int>& ballot, int a, int b) {
  const auto at = [&](int option) { return std::find(ballot.begin(), ballot.end(), option); };
  return at(a) < at(b);
}

// The strongest of all simple paths from `path`'s end to `to`.
int64_t Strongest(const Matrix& preferences, std::vector<int>& path, int to, int64_t strength) {
  const int from = path.back();
  if (from == to) return strength;
  int64_t best = 0;
  for (int next = 0; next < static_cast<int>(preferences.size()); ++next) {
    if (std::count(path.begin(), path.end(), next) > 0) continue;
    if (preferences[from][next] <= preferences[next][from]) continue;
    path.push_back(next);
    best = std::max(best,
                    Strongest(preferences, path, to, std::min(strength, preferences[from][next])));
    path.pop_back();
  }
  return best;
}

TEST(SchulzeTest, PathsEqualThoseOfAnEnumeration) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const int options = 2 + static_cast<int>(random() % 4);
    const Ballots ballots = RandomBallots(random, options);
    const Result result = Count(options, ballots);
    for (int a = 0; a < options; ++a) {
      for (int b = 0; b < options; ++b) {
        const int64_t prefer = std::count_if(ballots.begin(), ballots.end(),
                                             [&](const auto& one) { return Prefers(one, a, b); });
        EXPECT_EQ(result.schulze->preferences[a][b], prefer);
        std::vector<int> path = {a};
        EXPECT_EQ(result.schulze->strengths[a][b],
                  a == b ? 0 : Strongest(result.schulze->preferences, path, b, INT64_MAX));
      }
    }
  }
}

TEST(SchulzeTest, AnEarlierGroupIsNeverBeatenByALaterOneAndNotWithin) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    const int options = 2 + static_cast<int>(random() % 5);
    const Result result = Count(options, RandomBallots(random, options));
    const Matrix& p = result.schulze->strengths;
    size_t placed = 0;
    for (size_t g = 0; g < result.order.size(); ++g) {
      placed += result.order[g].size();
      for (const int option : result.order[g]) {
        for (size_t later = g; later < result.order.size(); ++later) {
          for (const int other : result.order[later]) EXPECT_LE(p[other][option], p[option][other]);
        }
        // Something in the group before beats it.
        if (g == 0) continue;
        EXPECT_TRUE(std::any_of(result.order[g - 1].begin(), result.order[g - 1].end(),
                                [&](int other) { return p[other][option] > p[option][other]; }));
      }
    }
    EXPECT_EQ(placed, static_cast<size_t>(options));
  }
}

TEST(SchulzeTest, ACondorcetWinnerWinsAlone) {
  std::mt19937 random(3);
  int winners = 0;
  for (int round = 0; round < 300; ++round) {
    const Result result = Count(4, RandomBallots(random, 4));
    const Matrix& d = result.schulze->preferences;
    for (int a = 0; a < 4; ++a) {
      bool wins = true;
      for (int b = 0; b < 4; ++b) wins &= a == b || d[a][b] > d[b][a];
      if (!wins) continue;
      ++winners;
      EXPECT_EQ(result.order.front(), std::vector<int>{a});
    }
  }
  EXPECT_GT(winners, 50);
}

// Renamed options and ballots in another order give the renamed result.
TEST(SchulzeTest, NeutralAndAnonymous) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const int options = 2 + static_cast<int>(random() % 4);
    const Ballots ballots = RandomBallots(random, options);
    std::vector<int> name(options);
    std::iota(name.begin(), name.end(), 0);
    std::shuffle(name.begin(), name.end(), random);
    Ballots renamed = ballots;
    std::shuffle(renamed.begin(), renamed.end(), random);
    for (auto& ballot : renamed) {
      for (int& option : ballot) option = name[option];
    }
    std::vector<std::vector<int>> expected = Count(options, ballots).order;
    for (auto& group : expected) {
      for (int& option : group) option = name[option];
      std::sort(group.begin(), group.end());
    }
    EXPECT_EQ(Count(options, renamed).order, expected);
  }
}

}  // namespace
}  // namespace veche::polling::counting
