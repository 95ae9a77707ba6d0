#include "services/gateway/domain/rate_limiter.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/fake_clock.h"

namespace veche::gateway {
namespace {

TEST(RateLimiterTest, RefillsWithTime) {
  veche::testing::FakeClock clock;
  RateLimiter limiter(2, 3, 100, clock);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.Take("a"), absl::ZeroDuration());
  EXPECT_EQ(limiter.Take("a"), absl::Milliseconds(500));
  EXPECT_EQ(limiter.Take("b"), absl::ZeroDuration());
  clock.Advance(absl::Milliseconds(500));
  EXPECT_EQ(limiter.Take("a"), absl::ZeroDuration());
  EXPECT_GT(limiter.Take("a"), absl::ZeroDuration());
}

TEST(RateLimiterTest, RemembersThoseWhoComeOften) {
  veche::testing::FakeClock clock;
  RateLimiter limiter(1, 1, 100, clock);
  limiter.Take("often");
  for (int i = 0; i < 1000; ++i) {
    limiter.Take(absl::StrCat(i));
    EXPECT_GT(limiter.Take("often"), absl::ZeroDuration()) << i;
  }
}

TEST(SlotCounterTest, GivesPlacesBack) {
  const auto slots = std::make_shared<SlotCounter>(2);
  auto first = slots->Take("a");
  const auto second = slots->Take("a");
  EXPECT_EQ(slots->Take("a"), nullptr);
  EXPECT_NE(slots->Take("b"), nullptr);
  first.reset();
  EXPECT_NE(slots->Take("a"), nullptr);
}

}  // namespace
}  // namespace veche::gateway
