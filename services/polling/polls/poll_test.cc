#include "services/polling/polls/poll.h"

#include <gtest/gtest.h>

namespace veche::polling {
namespace {

constexpr int64_t kOpen = 1'800'000'000;

Poll MakePoll(PollState state, int64_t seconds = 7 * 86'400) {
  Poll poll{.state = state, .close_time = absl::FromUnixSeconds(kOpen + seconds)};
  poll.definition.open_time = kOpen;
  return poll;
}

TEST(PollTest, TheClockMovesTheStateThatPeopleSee) {
  struct Case {
    PollState stored;
    int64_t after_open;
    PollState seen;
  };
  for (const Case& test : {Case{PollState::kDraft, 60, PollState::kDraft},
                           Case{PollState::kScheduled, -1, PollState::kScheduled},
                           Case{PollState::kScheduled, 0, PollState::kOpen},
                           Case{PollState::kScheduled, 7 * 86'400, PollState::kClosing},
                           Case{PollState::kOpen, 7 * 86'400 - 1, PollState::kOpen},
                           Case{PollState::kOpen, 7 * 86'400, PollState::kClosing},
                           Case{PollState::kClosing, 60, PollState::kClosing},
                           Case{PollState::kClosed, 60, PollState::kClosed}}) {
    EXPECT_EQ(StateAt(MakePoll(test.stored), absl::FromUnixSeconds(kOpen + test.after_open)),
              test.seen)
        << static_cast<int>(test.stored) << " at " << test.after_open;
  }
}

TEST(PollTest, IsClosingSoonInItsLastDayUnlessItIsShort) {
  const Poll week = MakePoll(PollState::kOpen);
  EXPECT_FALSE(IsClosingSoon(week, absl::FromUnixSeconds(kOpen + 6 * 86'400 - 1)));
  EXPECT_TRUE(IsClosingSoon(week, absl::FromUnixSeconds(kOpen + 6 * 86'400)));
  EXPECT_FALSE(IsClosingSoon(week, absl::FromUnixSeconds(kOpen + 7 * 86'400)));
  const Poll day = MakePoll(PollState::kOpen, 86'400);
  EXPECT_FALSE(IsClosingSoon(day, absl::FromUnixSeconds(kOpen + 86'000)));
}

TEST(PollTest, FindsATextInAnotherLanguage) {
  EXPECT_EQ(TextIn({{"en", "a"}, {"ru", "б"}}, "ru"), "б");
  EXPECT_EQ(TextIn({{"en", "a"}, {"ru", "б"}}, "tt"), "б");
  EXPECT_EQ(TextIn({{"uk", "в"}}, "tt"), "в");
  EXPECT_EQ(TextIn({}, "tt"), "");
}

}  // namespace
}  // namespace veche::polling
