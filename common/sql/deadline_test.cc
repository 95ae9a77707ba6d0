#include "common/sql/deadline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/sql/pool.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using veche::testing::StatusIs;

constexpr absl::Duration kSoon = absl::Milliseconds(100);

TEST(DeadlineScopeTest, TheEarliestCounts) {
  const absl::Time now = absl::Now();
  EXPECT_EQ(DeadlineScope::Current(), absl::InfiniteFuture());
  {
    const DeadlineScope outer(now + absl::Seconds(2));
    {
      const DeadlineScope inner(now + absl::Seconds(1));
      EXPECT_EQ(DeadlineScope::Current(), now + absl::Seconds(1));
      const DeadlineScope later(now + absl::Seconds(3));
      EXPECT_EQ(DeadlineScope::Current(), now + absl::Seconds(1));
    }
    EXPECT_EQ(DeadlineScope::Current(), now + absl::Seconds(2));
  }
  EXPECT_EQ(DeadlineScope::Current(), absl::InfiniteFuture());
}

TEST(PoolTest, WaitsUntilTheDeadlineOnly) {
  struct Connection {
    bool usable() const { return true; }
  };
  Pool<Connection> pool(1, /*max_waiting=*/10, [] { return std::make_unique<Connection>(); });
  const auto lease = pool.Acquire();
  ASSERT_OK(lease);
  EXPECT_THAT(pool.Acquire(absl::Now() + absl::Milliseconds(10)).status(),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

class DeadlineTest : public ::testing::TestWithParam<testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
  }

  absl::Status Query(absl::string_view statement) {
    return db_->Read([&](Transaction& tx) { return tx.Query(statement).status(); });
  }

  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(, DeadlineTest, ::testing::ValuesIn(testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(DeadlineTest, EndsAStatement) {
  const absl::string_view slow = db_->engine() == Engine::kPostgres
                                     ? "SELECT pg_sleep(60)"
                                     : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                       "FROM n) SELECT COUNT(*) FROM n";
  {
    const DeadlineScope scope(absl::Now() + kSoon);
    EXPECT_THAT(Query(slow), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_OK(Query("SELECT 1"));
}

TEST_P(DeadlineTest, DoesNotOutliveTheTransaction) {
  if (db_->engine() == Engine::kSqlite) return;
  const auto limit = [this] {
    std::string setting;
    EXPECT_OK(db_->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, tx.Query("SELECT current_setting('statement_timeout')"));
      setting = rows.at(0).Text(0);
      return absl::OkStatus();
    }));
    return setting;
  };
  {
    const DeadlineScope scope(absl::Now() + absl::Seconds(5));
    EXPECT_NE(limit(), "10s");
  }
  {
    const DeadlineScope scope(absl::Now() + absl::Hours(1));
    EXPECT_EQ(limit(), "10s") << "no statement may run for so long";
  }
  EXPECT_EQ(limit(), "10s");
}

TEST_P(DeadlineTest, NothingBeginsAfterIt) {
  int runs = 0;
  const auto count = [&](Transaction&) {
    ++runs;
    return absl::OkStatus();
  };
  const DeadlineScope scope(absl::Now() - kSoon);
  EXPECT_THAT(db_->Write(count), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(db_->WriteInBackground(count), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(db_->Read(count), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace veche::sql
