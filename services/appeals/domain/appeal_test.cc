#include "services/appeals/domain/appeal.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/testing/status_matchers.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"

namespace veche::appeals {
namespace {

using testing::HasReason;

absl::Time At(absl::string_view time) {
  absl::Time parsed;
  std::string error;
  EXPECT_TRUE(
      absl::ParseTime("%Y-%m-%d %H:%M", time, absl::FixedTimeZone(3 * 3600), &parsed, &error))
      << error;
  return parsed;
}

const WorkingCalendar& Calendar() {
  static const auto& calendar =
      *new WorkingCalendar(WorkingCalendar::Russia(absl::FixedTimeZone(3 * 3600)));
  return calendar;
}

// The transition table as it was decided, written again by hand: "FROM ACTION WHO TO".
const std::set<std::string>& Decided() {
  static const auto& decided = *new std::set<std::string>([] {
    std::set<std::string> rows;
    auto add = [&](std::initializer_list<const char*> from, const char* action,
                   std::initializer_list<const char*> who, const char* to) {
      for (const char* f : from) {
        for (const char* w : who) rows.insert(absl::StrCat(f, " ", action, " ", w, " ", to));
      }
    };
    const auto open = {"SUBMITTED", "REGISTERED", "ASSIGNED", "IN_PROGRESS", "NEEDS_INFO"};
    const auto staff = {"OFFICER", "SUPERVISOR"};
    add({"SUBMITTED"}, "REGISTER", {"SYSTEM"}, "REGISTERED");
    add(open, "ASSIGN", {"OFFICER", "SUPERVISOR", "SYSTEM"}, "ASSIGNED");
    add({"ASSIGNED", "NEEDS_INFO"}, "START", staff, "IN_PROGRESS");
    add({"ASSIGNED", "IN_PROGRESS"}, "REQUEST_INFO", staff, "NEEDS_INFO");
    add({"NEEDS_INFO"}, "GIVE_INFO", {"AUTHOR"}, "IN_PROGRESS");
    add({"ASSIGNED", "IN_PROGRESS", "NEEDS_INFO"}, "RESOLVE", staff, "RESOLVED");
    add(open, "REJECT", staff, "REJECTED");
    add(open, "FORWARD", staff, "FORWARDED");
    add(open, "MERGE", staff, "MERGED");
    add(open, "WITHDRAW", {"AUTHOR"}, "WITHDRAWN");
    add({"RESOLVED", "CLOSED"}, "REOPEN", {"AUTHOR"}, "IN_PROGRESS");
    add({"RESOLVED", "CLOSED"}, "RATE", {"AUTHOR"}, "CLOSED");
    add({"RESOLVED"}, "CLOSE", {"SYSTEM"}, "CLOSED");
    return rows;
  }());
  return decided;
}

TEST(AppealTest, AllowsExactlyTheDecidedTransitions) {
  std::set<std::string> allowed;
  for (int from = 1; from <= kStates; ++from) {
    for (int action = 0; action < kActions; ++action) {
      for (int who = 1; who <= 4; ++who) {
        const auto state = static_cast<State>(from);
        const auto step = static_cast<Action>(action);
        const auto party = static_cast<Party>(who);
        const auto to = NextState(state, step, party);
        Appeal appeal;
        appeal.state = state;
        appeal.registered = At("2026-03-02 10:00");
        Record record;
        const absl::Status status = ApplyStep(
            appeal, {.action = step, .actor = {party, "x", ""}, .now = At("2026-03-02 12:00")},
            Calendar(), record);
        EXPECT_EQ(status.ok(), to.has_value());
        if (to) {
          EXPECT_EQ(appeal.state, *to);
          EXPECT_FALSE(record.entries.empty());
          EXPECT_FALSE(record.events.empty());
          allowed.insert(
              absl::StrCat(Name(state), " ", Name(step), " ", Name(party), " ", Name(*to)));
        } else {
          EXPECT_EQ(appeal.state, state);
          EXPECT_TRUE(record.entries.empty());
          EXPECT_THAT(status, HasReason("TRANSITION_NOT_ALLOWED"));
          EXPECT_EQ(ErrorMetadataValue(status, "state"), Name(state));
          EXPECT_EQ(ErrorMetadataValue(status, "action"), Name(step));
        }
      }
    }
  }
  EXPECT_EQ(allowed, Decided());
}

TEST(AppealTest, NeverCountsSolvedAndUnsolvedTogether) {
  for (State state : {State::kResolved, State::kClosed}) {
    EXPECT_EQ(OutcomeOf(state), Outcome::kSolved);
  }
  for (State state : {State::kRejected, State::kForwarded, State::kMerged, State::kWithdrawn}) {
    EXPECT_EQ(OutcomeOf(state), Outcome::kUnsolved);
  }
  // A closed appeal was resolved before: no other step leads to CLOSED.
  for (const Transition& row : Transitions()) {
    if (row.to == State::kClosed) {
      EXPECT_EQ(OutcomeOf(row.from), Outcome::kSolved);
    }
  }
}

class ClockTest : public ::testing::Test {
 protected:
  void Step(Action action, Party who, absl::Time now) {
    ASSERT_OK(ApplyStep(appeal_, {.action = action, .actor = {who, "x", ""}, .now = now},
                        Calendar(), record_));
  }
  int Count(EntryType type) const {
    int count = 0;
    for (const Entry& entry : record_.entries) count += entry.type == type;
    return count;
  }

  ClockTest() {
    appeal_.clock.response_hours = 16;
    Step(Action::kRegister, Party::kSystem, At("2026-03-02 09:00"));  // a Monday
    Step(Action::kAssign, Party::kSystem, At("2026-03-02 09:00"));
  }

  Appeal appeal_;
  Record record_;
};

TEST_F(ClockTest, StandsStillWhileTheAuthorIsAskedAndSaysWhy) {
  ASSERT_EQ(appeal_.due, At("2026-03-03 17:00"));
  EXPECT_EQ(Count(EntryType::kDeadlineChanged), 0);
  Step(Action::kRequestInfo, Party::kOfficer, At("2026-03-02 10:00"));
  EXPECT_FALSE(appeal_.due.has_value());
  EXPECT_FALSE(appeal_.next_check.has_value());
  EXPECT_EQ(Count(EntryType::kDeadlineChanged), 1);
  Step(Action::kGiveInfo, Party::kAuthor, At("2026-03-03 10:00"));
  EXPECT_EQ(appeal_.due, At("2026-03-04 17:00"));
  EXPECT_EQ(Count(EntryType::kDeadlineChanged), 2);
}

TEST_F(ClockTest, WarnsThenEscalatesOnceEach) {
  CheckDeadline(appeal_, Calendar(), At("2026-03-02 11:00"), record_);
  EXPECT_EQ(Count(EntryType::kWarned), 0);
  for (int i = 0; i < 2; ++i) CheckDeadline(appeal_, Calendar(), At("2026-03-03 16:30"), record_);
  EXPECT_EQ(Count(EntryType::kWarned), 1);
  for (int i = 0; i < 2; ++i) CheckDeadline(appeal_, Calendar(), At("2026-03-03 17:00"), record_);
  EXPECT_EQ(Count(EntryType::kEscalated), 1);
  EXPECT_EQ(appeal_.priority, Priority::kHigh);
}

TEST_F(ClockTest, ClosesFourteenDaysAfterTheAnswer) {
  Step(Action::kResolve, Party::kOfficer, At("2026-03-02 12:00"));
  EXPECT_FALSE(appeal_.due.has_value());
  CheckDeadline(appeal_, Calendar(), At("2026-03-16 11:59"), record_);
  EXPECT_EQ(appeal_.state, State::kResolved);
  CheckDeadline(appeal_, Calendar(), At("2026-03-16 12:00"), record_);
  EXPECT_EQ(appeal_.state, State::kClosed);
}

TEST_F(ClockTest, BeginsAnewWhenReopened) {
  Step(Action::kResolve, Party::kOfficer, At("2026-03-02 12:00"));
  Step(Action::kReopen, Party::kAuthor, At("2026-03-09 09:00"));
  // Monday the 9th is a holiday moved from Sunday the 8th.
  EXPECT_GT(*appeal_.due, At("2026-03-10 17:00"));
  EXPECT_FALSE(appeal_.resolved.has_value());
}

class TriageTest : public ::testing::Test {
 protected:
  TriageTest() {
    appeal_.legal_profile = "ru-59fz";
    appeal_.clock.response_hours = 240;
    appeal_.created = At("2026-03-02 09:00");
    EXPECT_OK(ApplyStep(appeal_, {.action = Action::kRegister, .actor = {}, .now = appeal_.created},
                        Calendar(), record_));
  }
  void CheckAt(absl::Time now) {
    CheckDeadline(appeal_, Calendar(), now, record_);
    CheckDeadline(appeal_, Calendar(), now, record_);
  }
  int Count(EntryType type) const {
    int count = 0;
    for (const Entry& entry : record_.entries) count += entry.type == type;
    return count;
  }

  Appeal appeal_;
  Record record_;
};

TEST_F(TriageTest, IsWarnedOfAndEscalatedLongBeforeTheAnswerIsDue) {
  EXPECT_GT(*appeal_.due, At("2026-04-01 09:00"));
  CheckAt(At("2026-03-05 16:59"));
  EXPECT_EQ(Count(EntryType::kWarned), 0);
  CheckAt(At("2026-03-05 17:00"));  // the third day
  EXPECT_EQ(Count(EntryType::kWarned), 1);
  EXPECT_EQ(record_.entries.back().audience, Audience::kStaff);
  CheckAt(At("2026-03-06 16:59"));
  EXPECT_EQ(Count(EntryType::kEscalated), 0);
  CheckAt(At("2026-03-06 17:00"));  // the seventh day is a holiday: the working day before it
  EXPECT_EQ(Count(EntryType::kEscalated), 1);
  EXPECT_EQ(appeal_.priority, Priority::kHigh);
  CheckAt(*appeal_.due);
  EXPECT_EQ(Count(EntryType::kEscalated), 2);
  EXPECT_FALSE(appeal_.next_check.has_value());
}

TEST_F(TriageTest, GivesTheDepartmentAlarmsOfItsOwn) {
  CheckAt(At("2026-03-10 17:00"));
  ASSERT_EQ(Count(EntryType::kEscalated), 1);
  appeal_.department = "departments/roads";
  ASSERT_OK(ApplyStep(appeal_,
                      {.action = Action::kAssign,
                       .actor = {Party::kSupervisor, "staff/boss", ""},
                       .now = At("2026-03-11 09:00")},
                      Calendar(), record_));
  ASSERT_TRUE(appeal_.next_check.has_value());
  EXPECT_LT(*appeal_.next_check, *appeal_.due);
  CheckAt(*appeal_.next_check);
  EXPECT_EQ(Count(EntryType::kWarned), 1);
  CheckAt(*appeal_.due);
  EXPECT_EQ(Count(EntryType::kEscalated), 2);
}

TEST(UnroutedTest, GoesToAPersonAndMayStillBeRouted) {
  Appeal appeal;
  appeal.state = State::kSubmitted;
  appeal.created = At("2026-03-02 09:00");
  appeal.next_check = At("2026-03-02 10:00");
  Record record;
  CheckDeadline(appeal, Calendar(), At("2026-03-02 09:59"), record);
  EXPECT_TRUE(record.entries.empty());
  CheckDeadline(appeal, Calendar(), At("2026-03-02 10:00"), record);
  ASSERT_EQ(record.entries.size(), 1u);
  EXPECT_EQ(record.entries[0].type, EntryType::kEscalated);
  EXPECT_EQ(record.entries[0].audience, Audience::kStaff);
  EXPECT_EQ(record.events.at(0).type, EventType::kEscalated);
  EXPECT_EQ(appeal.priority, Priority::kHigh);
  EXPECT_EQ(appeal.state, State::kSubmitted);
  EXPECT_FALSE(appeal.next_check.has_value());  // once
  appeal.clock.response_hours = 24;
  ASSERT_OK(ApplyStep(appeal, {.action = Action::kRegister, .now = At("2026-03-03 09:00")},
                      Calendar(), record));
  EXPECT_EQ(appeal.alarm, Alarm::kNone);
  EXPECT_TRUE(appeal.next_check.has_value());
}

TEST(KeysTest, OrderLikeTheIdsAndGiveTimesTheirPlace) {
  SystemClock clock;
  UlidSource ids(clock);
  const absl::Time time = At("2026-03-02 09:00");
  const std::string early = ids.NewAt(time - absl::Milliseconds(1));
  const std::string at = ids.NewAt(time);
  EXPECT_LT(TimeKey(early), FirstTimeKeyAt(time));
  EXPECT_GE(TimeKey(at), FirstTimeKeyAt(time));
  EXPECT_LT(TimeKey(at), FirstTimeKeyAt(time + absl::Milliseconds(1)));
  EXPECT_GT(TimeKey(at), 0);
  EXPECT_EQ(TimeKey("no ulid"), 0);
}

TEST(UrgencyTest, AddsWhatHappenedToWhatTheTextSays) {
  Appeal appeal;
  appeal.state = State::kAssigned;
  appeal.reasons = {{"place_school", 15, "школы"}};
  EXPECT_EQ(Urgency(appeal).score, triage::kBaseScore + 15);
  appeal.supporter_count = 12;
  appeal.alarm = Alarm::kDueSoon;
  const triage::Assessment urgency = Urgency(appeal);
  EXPECT_EQ(urgency.score, triage::kBaseScore + 15 + 15 + 10);
  EXPECT_EQ(urgency.level, triage::Level::kHigh);
  ASSERT_EQ(urgency.reasons.size(), 3u);
  appeal.alarm = Alarm::kOverdue;
  EXPECT_GT(Urgency(appeal).score, urgency.score);
  appeal.state = State::kResolved;  // nobody waits for an answer
  EXPECT_LT(Urgency(appeal).score, urgency.score);
}

}  // namespace
}  // namespace veche::appeals
