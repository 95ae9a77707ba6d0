#include "services/polling/opinions/vote_matrix.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace veche::polling::opinions {
namespace {

// The sums of a pair, by looking at everybody.
VoteMatrix::PairSums SlowPair(const VoteMatrix& matrix, int a, int b) {
  VoteMatrix::PairSums sums;
  for (int person = 0; person < matrix.people(); ++person) {
    const int va = matrix.votes(person)[a], vb = matrix.votes(person)[b];
    if (va == VoteMatrix::kMissing || vb == VoteMatrix::kMissing) continue;
    ++sums.count;
    sums.first += va;
    sums.second += vb;
    sums.product += va * vb;
  }
  return sums;
}

TEST(VoteMatrixTest, SumsFollowEveryChange) {
  std::mt19937 random(1);
  VoteMatrix matrix;
  for (int step = 0; step < 3000; ++step) {
    // Statements and people come in between, so rows are widened while they hold votes.
    const int person = matrix.AddPerson("p" + std::to_string(random() % 20));
    const int statement = matrix.AddStatement("s" + std::to_string(random() % (1 + step / 60)));
    if (random() % 4 == 0) {
      matrix.Clear(person, statement);
      EXPECT_EQ(matrix.votes(person)[statement], VoteMatrix::kMissing);
    } else {
      const int vote = static_cast<int>(random() % 3) - 1;
      matrix.Set(person, statement, static_cast<Opinion>(vote));
      EXPECT_EQ(matrix.votes(person)[statement], vote);
    }
  }
  EXPECT_GT(matrix.statements(), 32);
  std::vector<int64_t> counts(matrix.statements()), sums(counts), squares(counts);
  for (int person = 0; person < matrix.people(); ++person) {
    int votes = 0;
    for (int i = 0; i < matrix.statements(); ++i) {
      const int vote = matrix.votes(person)[i];
      if (vote == VoteMatrix::kMissing) continue;
      ++votes;
      ++counts[i];
      sums[i] += vote;
      squares[i] += vote * vote;
    }
    EXPECT_EQ(matrix.vote_count(person), votes);
  }
  for (int a = 0; a < matrix.statements(); ++a) {
    EXPECT_EQ(matrix.count(a), counts[a]);
    EXPECT_EQ(matrix.sum(a), sums[a]);
    EXPECT_EQ(matrix.squares(a), squares[a]);
    for (int b = 0; b < matrix.statements(); ++b) {
      if (a == b) continue;
      const auto fast = matrix.Pair(a, b), slow = SlowPair(matrix, a, b);
      EXPECT_EQ(fast.count, slow.count);
      EXPECT_EQ(fast.first, slow.first);
      EXPECT_EQ(fast.second, slow.second);
      EXPECT_EQ(fast.product, slow.product);
    }
  }
}

TEST(VoteMatrixTest, AKeyIsAddedOnce) {
  VoteMatrix matrix;
  EXPECT_EQ(matrix.AddPerson("p"), 0);
  EXPECT_EQ(matrix.AddStatement("s"), 0);
  EXPECT_EQ(matrix.AddPerson("q"), 1);
  EXPECT_EQ(matrix.AddPerson("p"), 0);
  EXPECT_EQ(matrix.AddStatement("s"), 0);
  EXPECT_EQ(matrix.people(), 2);
  EXPECT_EQ(matrix.statements(), 1);
  EXPECT_EQ(matrix.votes(1)[0], VoteMatrix::kMissing);
}

}  // namespace
}  // namespace veche::polling::opinions
