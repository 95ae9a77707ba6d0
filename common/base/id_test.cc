#include "common/base/id.h"

#include <gtest/gtest.h>

#include <set>

#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche {
namespace {

TEST(UlidTest, SortsByTimeAndHoldsIt) {
  testing::FakeClock clock;
  UlidSource ids(clock);
  std::string first = ids.New();
  clock.Advance(absl::Milliseconds(1));
  std::string second = ids.New();
  EXPECT_LT(first, second);
  EXPECT_TRUE(IsUlid(first));
  ASSERT_OK(UlidTime(second));
  EXPECT_EQ(*UlidTime(second), clock.Now());
}

TEST(UlidTest, AreDistinctWithinOneMillisecond) {
  testing::FakeClock clock;
  UlidSource ids(clock);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(ids.New());
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(UlidTest, RefusesWhatIsNone) {
  for (absl::string_view bad : {"", "01", "01arz3ndektsv4rrffq69g5faU",
                                "81arz3ndektsv4rrffq69g5fav", "01arz3ndektsv4rrffq69g5fau!"}) {
    EXPECT_FALSE(IsUlid(bad)) << bad;
    EXPECT_FALSE(UlidTime(bad).ok()) << bad;
  }
}

TEST(RandomTokenTest, HasTheBytesAskedForAndNeverRepeats) {
  EXPECT_EQ(RandomToken(32).size(), 43u);
  EXPECT_NE(RandomToken(32), RandomToken(32));
}

}  // namespace
}  // namespace veche
