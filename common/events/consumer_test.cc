#include "common/events/consumer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <atomic>
#include <random>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::events {
namespace {

using ::testing::ElementsAre;

// A handler whose effect writes each event's data into `applied`.
Effect Insert(absl::Span<const Event> batch) {
  std::vector<Event> events(batch.begin(), batch.end());
  return [events](sql::Transaction& tx) -> absl::Status {
    for (const Event& event : events) {
      RETURN_IF_ERROR(
          tx.Execute("INSERT INTO applied (id, data) VALUES ($1, $2)", event.id, event.data)
              .status());
    }
    return absl::OkStatus();
  };
}

class ConsumerTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(sql::Migrate(*db_, Migrations()));
    ASSERT_OK(db_->Write([&](sql::Transaction& tx) {
      return tx.ExecuteScript(absl::StrCat("CREATE TABLE applied (n ",
                                           db_->engine() == sql::Engine::kSqlite
                                               ? "INTEGER PRIMARY KEY AUTOINCREMENT"
                                               : "BIGSERIAL PRIMARY KEY",
                                           ", id TEXT NOT NULL UNIQUE, data TEXT NOT NULL)"));
    }));
    log_ = std::make_unique<EventLog>("things", *db_, clock_, ids_);
  }
  void Append(absl::string_view data) {
    ASSERT_OK(db_->Write([&](sql::Transaction& tx) {
      return log_->Append(tx, log_->Make("t", "s", std::string(data)));
    }));
  }
  std::vector<std::string> Applied() {
    std::vector<std::string> applied;
    EXPECT_OK(db_->Read([&](sql::Transaction& tx) -> absl::Status {
      applied.clear();
      ASSIGN_OR_RETURN(auto rows, tx.Query("SELECT data FROM applied ORDER BY n"));
      for (const sql::Row& row : rows) applied.push_back(row.Text(0));
      return absl::OkStatus();
    }));
    return applied;
  }
  // Waits until `count` events are applied.
  void AwaitApplied(size_t count) {
    EventLog& log = *log_;
    uint64_t seen = 0;
    while (Applied().size() < count) seen = log.WaitForChange(seen, absl::Milliseconds(10));
  }
  std::unique_ptr<Consumer> MakeConsumer(BatchHandler handler,
                                         ConsumerOptions options = {.name = "test"}) {
    return std::make_unique<Consumer>(std::move(options), LocalSource(*log_), *db_,
                                      std::move(handler), telemetry_);
  }
  static absl::StatusOr<Effect> InsertAll(absl::Span<const Event> batch) { return Insert(batch); }

  SystemClock clock_;
  UlidSource ids_{clock_};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  std::unique_ptr<sql::Database> db_;
  std::unique_ptr<EventLog> log_;
};

INSTANTIATE_TEST_SUITE_P(, ConsumerTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(ConsumerTest, AppliesWhatIsThereAndWhatComes) {
  Append("1");
  auto consumer = MakeConsumer(InsertAll);
  consumer->Start();
  Append("2");
  AwaitApplied(2);
  Append("3");
  AwaitApplied(3);
  consumer->Stop();
  EXPECT_THAT(Applied(), ElementsAre("1", "2", "3"));
}

TEST_P(ConsumerTest, GoesOnWhereItStopped) {
  Append("1");
  auto consumer = MakeConsumer(InsertAll);
  consumer->Start();
  AwaitApplied(1);
  consumer.reset();
  Append("2");
  consumer = MakeConsumer(InsertAll);
  consumer->Start();
  AwaitApplied(2);
  EXPECT_THAT(Applied(), ElementsAre("1", "2"));
}

TEST_P(ConsumerTest, StartsAtTheNewestOnlyTheFirstTime) {
  Append("old");
  const ConsumerOptions options = {.name = "test", .from_newest = true};
  auto consumer = MakeConsumer(InsertAll, options);
  consumer->Start();
  // A consumer that has started has stored its cursor.
  const auto started = [&] {
    bool there = false;
    EXPECT_OK(db_->Read([&](sql::Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows, tx.Query("SELECT 1 FROM consumer_cursors"));
      there = !rows.empty();
      return absl::OkStatus();
    }));
    return there;
  };
  for (uint64_t seen = 0; !started();) seen = log_->WaitForChange(seen, absl::Milliseconds(10));
  Append("1");
  AwaitApplied(1);
  consumer.reset();
  Append("2");
  consumer = MakeConsumer(InsertAll, options);
  consumer->Start();
  AwaitApplied(2);
  EXPECT_THAT(Applied(), ElementsAre("1", "2"));
}

TEST_P(ConsumerTest, EventsBeforeABadOnePass) {
  for (const char* data : {"1", "2", "bad", "4"}) Append(data);
  std::atomic<bool> healed = false;
  auto consumer = MakeConsumer([&](absl::Span<const Event> batch) -> absl::StatusOr<Effect> {
    for (const Event& event : batch) {
      if (event.data == "bad" && !healed) return absl::InternalError("cannot");
    }
    return Insert(batch);
  });
  consumer->Start();
  AwaitApplied(2);
  EXPECT_THAT(Applied(), ElementsAre("1", "2"));
  healed = true;
  AwaitApplied(4);
  EXPECT_THAT(Applied(), ElementsAre("1", "2", "bad", "4"));
}

TEST_P(ConsumerTest, SurvivesAHandlerThatThrows) {
  Append("1");
  std::atomic<int> calls = 0;
  auto consumer = MakeConsumer([&](absl::Span<const Event> batch) -> absl::StatusOr<Effect> {
    if (++calls == 1) throw std::runtime_error("x");
    return Insert(batch);
  });
  consumer->Start();
  AwaitApplied(1);
  EXPECT_EQ(calls, 2);
}

TEST_P(ConsumerTest, CountsWhatItDoes) {
  Append("1");
  auto consumer = MakeConsumer(InsertAll);
  consumer->Start();
  AwaitApplied(1);
  consumer.reset();
  double applied = -1;
  for (const auto& family : telemetry_.metrics->Collect()) {
    if (family.name == "veche_events_applied_total") applied = family.metric[0].counter.value;
  }
  EXPECT_EQ(applied, 1);
}

// Two replicas that fail at random in every place and are repeatedly stopped and started, while
// others write.
TEST_P(ConsumerTest, AppliesEachEventExactlyOnceWhateverHappens) {
  constexpr int kEvents = 300;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (int i = 0; i < kEvents; ++i, ++written) Append(absl::StrCat(i));
  });
  absl::Mutex mutex;
  std::mt19937 random(1);
  const auto unlucky = [&] {
    absl::MutexLock lock(&mutex);
    return random() % 4 == 0;
  };
  const BatchHandler handler = [&](absl::Span<const Event> batch) -> absl::StatusOr<Effect> {
    if (unlucky()) return absl::UnavailableError("before");
    Effect insert = Insert(batch);
    return Effect([&unlucky, insert](sql::Transaction& tx) -> absl::Status {
      if (unlucky()) return absl::AbortedError("early");
      RETURN_IF_ERROR(insert(tx));
      return unlucky() ? absl::InternalError("late") : absl::OkStatus();
    });
  };
  const ConsumerOptions options = {.name = "twin", .batch = 5};
  size_t applied = 0;
  while (applied < kEvents) {
    auto one = MakeConsumer(handler, options);
    auto two = MakeConsumer(handler, options);
    one->Start();
    two->Start();
    AwaitApplied(std::min<size_t>(applied + 1, kEvents));
    one->Stop();
    two->Stop();
    applied = Applied().size();
  }
  writer.join();
  const std::vector<std::string> all = Applied();
  ASSERT_EQ(all.size(), kEvents);
  for (int i = 0; i < kEvents; ++i) EXPECT_EQ(all[i], absl::StrCat(i));
}

}  // namespace
}  // namespace veche::events
