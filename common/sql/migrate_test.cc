#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using ::testing::HasSubstr;
using veche::testing::StatusIs;

constexpr EmbeddedFile kFirst[] = {
    {"0000_log.sqlite.sql", "CREATE TABLE log (seq INTEGER PRIMARY KEY AUTOINCREMENT);"},
    {"0000_log.postgres.sql", "CREATE TABLE log (seq BIGSERIAL PRIMARY KEY);"},
};
constexpr EmbeddedFile kSecond[] = {
    {"0002_more.sql",
     "-- Two statements; the first with a ';' in a text.\n"
     "INSERT INTO things (id) VALUES ('a;b');\n"
     "CREATE INDEX things_by_n ON things (n);\n"},
    {"0001_things.sql", "CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT);"},
};
constexpr EmbeddedFile kBroken[] = {
    {"0001_things.sql", kSecond[1].content},
    {"0002_more.sql", "INSERT INTO things (id) VALUES ('x'); INSERT INTO nowhere VALUES (1);"},
};

class MigrateTest : public ::testing::TestWithParam<testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
  }
  int64_t Count(absl::string_view table) {
    int64_t count = -1;
    EXPECT_OK(db_->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows, tx.Query(absl::StrCat("SELECT COUNT(*) FROM ", table)));
      count = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return count;
  }

  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(, MigrateTest, ::testing::ValuesIn(testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(MigrateTest, AppliesEachOnceInOrder) {
  ASSERT_OK(Migrate(*db_, {kFirst, kSecond}));
  ASSERT_OK(Migrate(*db_, {kFirst, kSecond}));
  EXPECT_EQ(Count("schema_migrations"), 3);
  EXPECT_EQ(Count("things"), 1);
  EXPECT_EQ(Count("log"), 0);
}

TEST_P(MigrateTest, ManyAtOnceApplyEachOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] { EXPECT_OK(Migrate(*db_, {kFirst, kSecond})); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Count("things"), 1);
}

// A reader of the table holds the migration up, as a long report of the former release would.
class MigrateBesideReadersTest : public MigrateTest {
 protected:
  static constexpr EmbeddedFile kAlter[] = {
      kSecond[1], {"0002_alter.sql", "ALTER TABLE things ADD COLUMN m BIGINT;"}};

  // Runs `migrate` while a transaction reads the table. The reader ends when `migrate` calls its
  // argument, at the latest when `migrate` returns.
  void BesideAReader(const std::function<void(std::function<void()>)>& migrate) {
    ASSERT_OK(Migrate(*db_, absl::MakeConstSpan(kAlter).first(1)));
    absl::Notification reading;
    absl::Notification end;
    std::thread reader([&] {
      EXPECT_OK(db_->Read([&](Transaction& tx) -> absl::Status {
        RETURN_IF_ERROR(tx.Query("SELECT id FROM things").status());
        reading.Notify();
        end.WaitForNotification();
        return absl::OkStatus();
      }));
    });
    reading.WaitForNotification();
    migrate([&] {
      if (!end.HasBeenNotified()) end.Notify();
    });
    if (!end.HasBeenNotified()) end.Notify();
    reader.join();
  }
};

INSTANTIATE_TEST_SUITE_P(, MigrateBesideReadersTest, ::testing::ValuesIn(testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(MigrateBesideReadersTest, GivesWayAndTriesAgain) {
  if (db_->engine() == Engine::kSqlite) return;
  BesideAReader([&](const std::function<void()>& end) {
    std::thread migration(
        [&] { EXPECT_OK(Migrate(*db_, kAlter, {.lock_timeout = absl::Milliseconds(20)})); });
    while (Count("pg_locks WHERE NOT granted") == 0) std::this_thread::yield();
    // Whoever comes now waits behind the migration, until it gives way.
    EXPECT_EQ(Count("things"), 0);
    end();
    migration.join();
  });
  EXPECT_EQ(Count("schema_migrations"), 2);
}

TEST_P(MigrateBesideReadersTest, GivesUpInTheEnd) {
  if (db_->engine() == Engine::kSqlite) return;
  BesideAReader([&](const std::function<void()>&) {
    const absl::Status status =
        Migrate(*db_, kAlter,
                {.lock_timeout = absl::Milliseconds(20), .patience = absl::Milliseconds(100)});
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(std::string(status.message()), HasSubstr("0002_alter"));
  });
  EXPECT_EQ(Count("schema_migrations"), 1);
}

TEST_P(MigrateTest, RefusesANewerDatabase) {
  ASSERT_OK(Migrate(*db_, {kFirst, kSecond}));
  const absl::Status status = Migrate(*db_, {kFirst, absl::MakeConstSpan(kSecond).subspan(1)});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("newer than this program"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("0002_more"));
}

TEST_P(MigrateTest, RefusesAnEditedMigration) {
  ASSERT_OK(Migrate(*db_, kSecond));
  EXPECT_THAT(Migrate(*db_, kBroken), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_P(MigrateTest, ABrokenOneLeavesNothingBehind) {
  const absl::Status status = Migrate(*db_, kBroken);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(std::string(status.message()), HasSubstr("0002_more"));
  EXPECT_EQ(Count("things"), 0);
  ASSERT_OK(Migrate(*db_, kSecond));
  EXPECT_EQ(Count("things"), 1);
}

TEST_P(MigrateTest, RefusesTwoOfOneName) {
  EXPECT_THAT(Migrate(*db_, {kSecond, kSecond}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace veche::sql
