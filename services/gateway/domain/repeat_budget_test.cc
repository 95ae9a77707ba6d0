#include "services/gateway/domain/repeat_budget.h"

#include <gtest/gtest.h>

namespace veche::gateway {
namespace {

TEST(RepeatBudgetTest, RepeatsStayATenthOfTheCalls) {
  RepeatBudget budget;
  int repeats = 0;
  while (budget.Take()) ++repeats;
  EXPECT_EQ(repeats, 10);
  for (int i = 0; i < 5; ++i) budget.Succeeded();
  EXPECT_FALSE(budget.Take());
  for (int i = 0; i < 6; ++i) budget.Succeeded();
  EXPECT_TRUE(budget.Take());
  EXPECT_FALSE(budget.Take());
  for (int i = 0; i < 100'000; ++i) budget.Succeeded();
  for (repeats = 0; budget.Take(); ++repeats) {
  }
  EXPECT_LE(repeats, 10);
}

}  // namespace
}  // namespace veche::gateway
