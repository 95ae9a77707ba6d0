#include "common/api/timestamp.h"

#include <gtest/gtest.h>

namespace veche::api {
namespace {

TEST(TimestampTest, ComesBackToTheNanosecond) {
  for (const int64_t nanos :
       {0L, 1L, 999'999'999L, 1'790'000'000'123'456'789L, -1L, -1'500'000'000L}) {
    const absl::Time time = absl::FromUnixNanos(nanos);
    EXPECT_EQ(FromTimestamp(ToTimestamp(time)), time) << nanos;
  }
}

TEST(TimestampTest, NanosCountForwardBefore1970Too) {
  const auto timestamp = ToTimestamp(absl::FromUnixNanos(-1));
  EXPECT_EQ(timestamp.seconds(), -1);
  EXPECT_EQ(timestamp.nanos(), 999'999'999);
}

}  // namespace
}  // namespace veche::api
