#include "common/auth/ended_sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/fake_clock.h"

namespace veche::auth {
namespace {

using ::testing::ElementsAre;

TEST(EndedSessionsTest, RemembersUntilTheTokensHaveExpired) {
  testing::FakeClock clock;
  EndedSessions ended(clock);
  EXPECT_FALSE(ended.Contains("a"));
  ended.Add("a", clock.Now() + absl::Minutes(15));
  EXPECT_TRUE(ended.Contains("a"));
  EXPECT_FALSE(ended.Contains("b"));
  EXPECT_FALSE(ended.Contains(""));
  clock.Advance(absl::Minutes(15));
  EXPECT_FALSE(ended.Contains("a"));
}

TEST(EndedSessionsTest, TellsListenersOnce) {
  testing::FakeClock clock;
  EndedSessions ended(clock);
  std::vector<std::string> told;
  const int64_t id =
      ended.AddListener([&](absl::string_view session) { told.emplace_back(session); });
  const absl::Time until = clock.Now() + absl::Minutes(1);
  ended.Add("a", until);
  ended.Add("a", until);
  ended.Add("old", clock.Now());
  EXPECT_THAT(told, ElementsAre("a"));
  ended.RemoveListener(id);
  ended.Add("b", until);
  EXPECT_THAT(told, ElementsAre("a"));
}

TEST(EndedSessionsTest, IsBounded) {
  testing::FakeClock clock;
  EndedSessions ended(clock, /*capacity=*/10);
  for (int i = 0; i < 10; ++i) ended.Add(absl::StrCat("old", i), clock.Now() + absl::Minutes(1));
  clock.Advance(absl::Minutes(2));
  for (int i = 0; i < 30; ++i) ended.Add(absl::StrCat(i), clock.Now() + absl::Minutes(1));
  int remembered = 0;
  for (int i = 0; i < 30; ++i) remembered += ended.Contains(absl::StrCat(i)) ? 1 : 0;
  EXPECT_EQ(remembered, 10);
  EXPECT_TRUE(ended.Contains("29")) << "the newest";
}

}  // namespace
}  // namespace veche::auth
