#include "common/events/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/events/cursor.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using veche::testing::FakeClock;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

std::vector<std::string> Data(const std::vector<Event>& events) {
  std::vector<std::string> data;
  for (const Event& event : events) data.push_back(event.data);
  return data;
}

class EventLogTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(sql::Migrate(*db_, Migrations()));
    log_ = std::make_unique<EventLog>("things", *db_, clock_, ids_);
  }
  absl::Status Append(std::string data) {
    return db_->Write([&](sql::Transaction& tx) {
      return log_->Append(tx, log_->Make("veche.things.made", "things/1", data));
    });
  }
  // Returns the generation once `log` hears other processes.
  static uint64_t AwaitHearing(EventLog& log) {
    uint64_t seen = 0;
    while (!log.HearsOthers()) seen = log.WaitForChange(seen, absl::Milliseconds(5));
    return log.WaitForChange(0, absl::ZeroDuration());
  }
  void SetCursor(absl::string_view consumer, absl::string_view log, absl::string_view cursor) {
    ASSERT_OK(db_->Write([&](sql::Transaction& tx) {
      return tx
          .Execute(
              "INSERT INTO consumer_cursors (name, log, cursor, update_time) "
              "VALUES ($1, $2, $3, 0)",
              consumer, log, cursor)
          .status();
    }));
  }

  FakeClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> log_;
};

INSTANTIATE_TEST_SUITE_P(, EventLogTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(EventLogTest, ReadsBackWhatWasAppended) {
  const std::string data("\0\xff data", 7);
  ASSERT_OK(Append(data));
  const auto events = log_->ReadAfter("", 10);
  ASSERT_OK(events);
  ASSERT_EQ(events->size(), 1);
  const Event& event = events->front();
  EXPECT_TRUE(IsUlid(event.id)) << event.id;
  EXPECT_EQ(event.type, "veche.things.made");
  EXPECT_EQ(event.subject, "things/1");
  EXPECT_EQ(event.time, clock_.Now());
  EXPECT_EQ(event.data, data);
  EXPECT_THAT(log_->Newest(), IsOkAndHolds(event.cursor));
  EXPECT_THAT(log_->ReadAfter(event.cursor, 10), IsOkAndHolds(IsEmpty()));
}

TEST_P(EventLogTest, ReadsInPages) {
  for (const char* data : {"1", "2", "3", "4", "5"}) ASSERT_OK(Append(data));
  const auto first = log_->ReadAfter("", 2);
  EXPECT_THAT(Data(*first), ElementsAre("1", "2"));
  const auto second = log_->ReadAfter(first->back().cursor, 2);
  EXPECT_THAT(Data(*second), ElementsAre("3", "4"));
  EXPECT_THAT(Data(*log_->ReadAfter(second->back().cursor, 2)), ElementsAre("5"));
}

TEST_P(EventLogTest, ARolledBackChangeHasNoEvent) {
  EXPECT_FALSE(db_->Write([&](sql::Transaction& tx) -> absl::Status {
                    RETURN_IF_ERROR(log_->Append(tx, log_->Make("t", "s", "x")));
                    return absl::CancelledError("no");
                  })
                   .ok());
  EXPECT_THAT(log_->ReadAfter("", 10), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(log_->Newest(), IsOkAndHolds(""));
}

TEST_P(EventLogTest, RefusesWhatIsNoCursor) {
  for (const char* cursor : {"x", "1", "1.2.3", "-1.2", "1.-2", "1.2 ", "01.2", "."}) {
    EXPECT_THAT(log_->ReadAfter(cursor, 1), StatusIs(absl::StatusCode::kInvalidArgument)) << cursor;
  }
}

TEST_P(EventLogTest, WakesThoseWhoWait) {
  const uint64_t seen = AwaitHearing(*log_);
  const auto told = std::make_shared<std::atomic<int>>(0);
  log_->AddListener([told] { ++*told; });
  std::thread waiter([&] { EXPECT_NE(log_->WaitForChange(seen, absl::InfiniteDuration()), seen); });
  ASSERT_OK(Append("x"));
  waiter.join();
  EXPECT_EQ(*told, 1);
  const uint64_t now = log_->WaitForChange(seen, absl::ZeroDuration());
  EXPECT_EQ(log_->WaitForChange(now, absl::ZeroDuration()), now);
}

TEST_P(EventLogTest, TellsHowLongAnOpenTransactionHidesEvents) {
  EXPECT_THAT(log_->HiddenAge(), IsOkAndHolds(absl::ZeroDuration()));
  if (db_->engine() == sql::Engine::kSqlite) return;  // with one writer no event is hidden
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(log_->Append(tx, log_->Make("t", "s", "open")));
    std::thread([&] { EXPECT_OK(Append("behind it")); }).join();
    clock_.Advance(absl::Seconds(30));
    std::thread([&] {
      EXPECT_THAT(log_->HiddenAge(), IsOkAndHolds(absl::Seconds(30)));
      EXPECT_THAT(log_->ReadAfter("", 10), IsOkAndHolds(IsEmpty()));
    }).join();
    return absl::OkStatus();
  }));
  EXPECT_THAT(Data(*log_->ReadAfter("", 10)), ElementsAre("open", "behind it"));
  EXPECT_THAT(log_->HiddenAge(), IsOkAndHolds(absl::ZeroDuration()));
}

TEST_P(EventLogTest, PruneKeepsWhatASlowConsumerNeeds) {
  for (const char* data : {"1", "2", "3"}) ASSERT_OK(Append(data));
  clock_.Advance(absl::Hours(48));
  for (const char* data : {"4", "5"}) ASSERT_OK(Append(data));
  const auto all = log_->ReadAfter("", 10);
  const absl::Time yesterday = clock_.Now() - absl::Hours(24);

  SetCursor("elsewhere", "other", "");  // follows another log: keeps no event of this log
  SetCursor("slow", "things", (*all)[1].cursor);
  EXPECT_THAT(log_->Prune(yesterday), IsOkAndHolds(2));
  EXPECT_THAT(Data(*log_->ReadAfter("", 10)), ElementsAre("3", "4", "5"));

  ASSERT_OK(log_->NoteFollower("remote", (*all)[1].cursor));
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) {
    return tx.Execute("UPDATE consumer_cursors SET cursor = $1", all->back().cursor).status();
  }));
  EXPECT_THAT(log_->Prune(yesterday), IsOkAndHolds(0));
  ASSERT_OK(log_->NoteFollower("remote", all->back().cursor));
  EXPECT_THAT(log_->Prune(yesterday), IsOkAndHolds(1));
  EXPECT_THAT(Data(*log_->ReadAfter("", 10)), ElementsAre("4", "5"));
  EXPECT_THAT(log_->Prune(clock_.Now() + absl::Hours(1)), IsOkAndHolds(2));
  ASSERT_OK(Append("6"));
  EXPECT_THAT(Data(*log_->ReadAfter(all->back().cursor, 10)), ElementsAre("6"));
}

TEST_P(EventLogTest, PrunesMoreThanOneBatch) {
  ASSERT_OK(db_->Write([&](sql::Transaction& tx) -> absl::Status {
    for (int i = 0; i < 1200; ++i) RETURN_IF_ERROR(log_->Append(tx, log_->Make("t", "s", "x")));
    return absl::OkStatus();
  }));
  EXPECT_THAT(log_->Prune(clock_.Now() + absl::Hours(1)), IsOkAndHolds(1200));
}

// The guarantee of the log: whatever transactions commit at the same time, a follower sees each
// event once, and the events of one subject in order. The pause inside the transactions is
// intended: it makes them commit in another order than that of their numbers.
TEST_P(EventLogTest, AFollowerLosesAndDoublesNothingBeside24Writers) {
  constexpr int kWriters = 24;
  constexpr int kEach = 25;
  std::unique_ptr<sql::Database> db = std::move(db_);
  std::atomic<int> running = kWriters;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      std::mt19937 random(writer);
      for (int i = 0; i < kEach; ++i) {
        const bool fail = random() % 10 == 0;
        const absl::Duration pause = absl::Milliseconds(random() % 31);
        const absl::Status status = db->Write([&](sql::Transaction& tx) -> absl::Status {
          RETURN_IF_ERROR(log_->Append(tx, log_->Make("t", absl::StrCat("writers/", writer),
                                                      fail ? "never" : absl::StrCat(i))));
          if (db->engine() == sql::Engine::kPostgres) absl::SleepFor(pause);
          return fail ? absl::CancelledError("") : absl::OkStatus();
        });
        EXPECT_EQ(status.ok(), !fail) << status;
        if (!fail) continue;
        EXPECT_OK(db->Write([&](sql::Transaction& tx) {
          return log_->Append(tx,
                              log_->Make("t", absl::StrCat("writers/", writer), absl::StrCat(i)));
        }));
      }
      --running;
    });
  }
  std::unique_ptr<Source> source = LocalSource(*log_);
  std::map<std::string, int> next;  // of each subject
  std::set<std::string> ids;
  std::string cursor;
  constexpr size_t kAll = kWriters * kEach;
  while (ids.size() < kAll) {
    const bool last = running == 0;
    const auto events = source->Next(cursor, 7, absl::Milliseconds(200));
    ASSERT_OK(events);
    for (const Event& event : *events) {
      EXPECT_TRUE(ids.insert(event.id).second) << "twice";
      EXPECT_EQ(event.data, absl::StrCat(next[event.subject]++)) << event.subject;
      cursor = event.cursor;
    }
    if (last && events->empty()) break;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(ids.size(), kAll);
  EXPECT_THAT(source->Next(cursor, 7, absl::ZeroDuration()), IsOkAndHolds(IsEmpty()));
}

// Two logs of one database are as those of two processes: each has a notifier of its own.
class EventLogOthersTest : public EventLogTest {
 protected:
  const absl::Duration kPatience = absl::Seconds(30);
};

INSTANTIATE_TEST_SUITE_P(, EventLogOthersTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(EventLogOthersTest, HearACommitOfAnotherProcess) {
  if (db_->engine() == sql::Engine::kSqlite) {
    EXPECT_TRUE(log_->HearsOthers()) << "there are none";
    return;
  }
  absl::Notification told;
  std::atomic<int> times = 0;
  EventLog other("things", *db_, clock_, ids_);
  const uint64_t seen = AwaitHearing(other);
  other.AddListener([&] {
    if (++times == 1) told.Notify();
  });
  ASSERT_OK(Append("x"));
  EXPECT_NE(other.WaitForChange(seen, kPatience), seen);
  EXPECT_TRUE(told.WaitForNotificationWithTimeout(kPatience)) << "later than who waits";
  EXPECT_THAT(other.ReadAfter("", 10), IsOkAndHolds(::testing::SizeIs(1)));
}

TEST_P(EventLogOthersTest, HearAgainAfterALostConnection) {
  if (db_->engine() == sql::Engine::kSqlite) return;
  EventLog other("things", *db_, clock_, ids_);
  const uint64_t first = AwaitHearing(other);
  ASSERT_OK(db_->Write([](sql::Transaction& tx) {
    return tx
        .Query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'veche notifier'")
        .status();
  }));
  EXPECT_NE(other.WaitForChange(first, kPatience), first)
      << "woken, because a notification may have been lost";
  const uint64_t seen = AwaitHearing(other);
  AwaitHearing(*log_);
  ASSERT_OK(Append("x"));
  EXPECT_NE(other.WaitForChange(seen, kPatience), seen);
}

}  // namespace
}  // namespace veche::events
