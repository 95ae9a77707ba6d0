#include "services/identity/domain/retry.h"

#include <gtest/gtest.h>

namespace veche::identity {
namespace {

TEST(RetryTest, PausesDoubleUpToAnHour) {
  EXPECT_EQ(PauseAfterAttempt(1, 0.5), absl::Seconds(15));
  EXPECT_EQ(PauseAfterAttempt(2, 0.5), absl::Seconds(30));
  EXPECT_EQ(PauseAfterAttempt(8, 0.5), absl::Minutes(32));
  EXPECT_EQ(PauseAfterAttempt(9, 0.5), absl::Hours(1));
  EXPECT_EQ(PauseAfterAttempt(1000, 0.5), absl::Hours(1));
  EXPECT_EQ(PauseAfterAttempt(0, 0.5), absl::Seconds(15));
}

TEST(RetryTest, ChanceMovesThemByAQuarter) {
  EXPECT_EQ(PauseAfterAttempt(9, 0), absl::Minutes(45));
  EXPECT_LE(PauseAfterAttempt(9, 0.999), absl::Minutes(75));
}

}  // namespace
}  // namespace veche::identity
