#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

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
