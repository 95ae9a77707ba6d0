#include "common/sql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using ::testing::ElementsAre;
using veche::testing::StatusIs;

constexpr char kTables[] =
    "CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, x DOUBLE PRECISION, "
    "ok BOOLEAN, body TEXT, raw BYTEA, CHECK (n >= 0));\n"
    "CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (id), name TEXT NOT NULL);";

// The contract of Database, the same for each engine.
class DatabaseTest : public ::testing::TestWithParam<testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(db_->Write([](Transaction& tx) { return tx.ExecuteScript(kTables); }));
  }

  template <typename... Args>
  absl::Status Execute(absl::string_view statement, const Args&... args) {
    return db_->Write([&](Transaction& tx) { return tx.Execute(statement, args...).status(); });
  }
  template <typename... Args>
  std::vector<Row> Query(absl::string_view statement, const Args&... args) {
    std::vector<Row> rows;
    EXPECT_OK(db_->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(rows, tx.Query(statement, args...));
      return absl::OkStatus();
    }));
    return rows;
  }
  int64_t Count() { return Query("SELECT COUNT(*) FROM things").at(0).Int(0); }

  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(, DatabaseTest, ::testing::ValuesIn(testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(DatabaseTest, KeepsEveryType) {
  const std::string text = "Яма на дороге — «ул. Баумана», 5 🚧 ' \" \\ $1 %";
  const std::string bytes("\0\x01\xff'\\x", 6);
  ASSERT_OK(Execute("INSERT INTO things (id, n, x, ok, body, raw) VALUES ($1, $2, $3, $4, $5, $6)",
                    "a", std::numeric_limits<int64_t>::max(), 0.1, true, text, Blob{bytes}));
  ASSERT_OK(Execute("INSERT INTO things (id, n, x, ok, body, raw) VALUES ($1, $2, $3, $4, $5, $6)",
                    "b", 0, -1e300, false, "", Blob{}));
  ASSERT_OK(Execute("INSERT INTO things (id, x, ok, body, raw) VALUES ($1, $2, $3, $4, $5)", "c",
                    std::nullopt, std::nullopt, std::optional<std::string>(), Value()));
  const std::vector<Row> rows = Query("SELECT id, n, x, ok, body, raw FROM things ORDER BY id");
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows[0].Int(1), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(rows[0].Double(2), 0.1);
  EXPECT_TRUE(rows[0].Bool(3));
  EXPECT_EQ(rows[0].Text(4), text);
  EXPECT_EQ(rows[0].Bytes(5), bytes);
  EXPECT_EQ(rows[1].Double(2), -1e300);
  EXPECT_FALSE(rows[1].Bool(3));
  EXPECT_FALSE(rows[1].IsNull(3));
  EXPECT_FALSE(rows[1].IsNull(4));
  EXPECT_FALSE(rows[1].IsNull(5));
  for (size_t column = 2; column < 6; ++column) EXPECT_TRUE(rows[2].IsNull(column)) << column;
  EXPECT_EQ(rows[2].OptionalInt(2), std::nullopt);
  EXPECT_EQ(rows[2].Text(4), "");
}

TEST_P(DatabaseTest, TakesParametersTwiceAndInAnyOrder) {
  const std::vector<Row> rows =
      Query("SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($1 AS BIGINT) + 1",
            7, "x");
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].Text(0), "x");
  EXPECT_EQ(rows[0].Int(1), 7);
  EXPECT_EQ(rows[0].Text(2), "x");
  EXPECT_EQ(rows[0].Int(3), 8);
}

TEST_P(DatabaseTest, RollsBackWhatFails) {
  EXPECT_THAT(db_->Write([](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute("INSERT INTO things (id) VALUES ($1)", "a").status());
    return absl::NotFoundError("changed my mind");
  }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, ClassifiesErrors) {
  ASSERT_OK(Execute("INSERT INTO things (id) VALUES ($1)", "a"));
  EXPECT_THAT(Execute("INSERT INTO things (id) VALUES ($1)", "a"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(Execute("INSERT INTO things (id, n) VALUES ($1, $2)", "b", -1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Execute("INSERT INTO things (id, n) VALUES ($1, $2)", "b", std::nullopt),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Execute("INSERT INTO parts (thing, name) VALUES ($1, $2)", "none", "x"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Execute("INSERT INTO things (id) VALUES ($1)", std::string("nul\0", 4)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Execute("INSERT INTO nowhere (id) VALUES ($1)", "a"),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(Execute("INSERT INTO things (id) VALUES ($1)", "b", "too many"),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, ErrorsNameNoValues) {
  ASSERT_OK(Execute("INSERT INTO things (id) VALUES ($1)", "hidden"));
  const absl::Status status = Execute("INSERT INTO things (id) VALUES ($1)", "hidden");
  EXPECT_EQ(status.message().find("hidden"), absl::string_view::npos) << status;
}

TEST_P(DatabaseTest, OneFailedStatementLosesTheTransaction) {
  ASSERT_OK(Execute("INSERT INTO things (id) VALUES ($1)", "a"));
  absl::Status later;
  EXPECT_THAT(db_->Write([&](Transaction& tx) -> absl::Status {
    tx.Execute("INSERT INTO things (id) VALUES ($1)", "b").IgnoreError();
    tx.Execute("INSERT INTO things (id) VALUES ($1)", "a").IgnoreError();
    later = tx.Execute("INSERT INTO things (id) VALUES ($1)", "c").status();
    return absl::OkStatus();
  }),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(later, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, ReturnsRowsAndSettlesConflicts) {
  const auto upsert = [&](int64_t n) {
    int64_t stored = 0;
    EXPECT_OK(db_->Write([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(std::vector<Row> rows,
                       tx.Query("INSERT INTO things (id, n) VALUES ($1, $2) ON CONFLICT (id) "
                                "DO UPDATE SET n = things.n + EXCLUDED.n RETURNING n",
                                "a", n));
      stored = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return stored;
  };
  EXPECT_EQ(upsert(2), 2);
  EXPECT_EQ(upsert(3), 5);
}

TEST_P(DatabaseTest, CountsChangedRows) {
  ASSERT_OK(Execute("INSERT INTO things (id) VALUES ('a'), ('b'), ('c')"));
  EXPECT_OK(db_->Write([](Transaction& tx) -> absl::Status {
    EXPECT_EQ(*tx.Execute("UPDATE things SET n = 1 WHERE id < $1", "c"), 2);
    EXPECT_EQ(*tx.Execute("UPDATE things SET n = 1 WHERE id = $1", "z"), 0);
    EXPECT_EQ(*tx.Execute("DELETE FROM things"), 3);
    return absl::OkStatus();
  }));
}

TEST_P(DatabaseTest, OrdersTextByBytes) {
  for (const char* id : {"яма", "Яма", "b", "B", "a", "Ёж", "еж", "_", "10", "9"}) {
    ASSERT_OK(Execute("INSERT INTO things (id) VALUES ($1)", id));
  }
  std::vector<std::string> ids;
  for (const Row& row : Query("SELECT id FROM things ORDER BY id")) ids.push_back(row.Text(0));
  EXPECT_THAT(ids, ElementsAre("10", "9", "B", "_", "a", "b", "Ёж", "Яма", "еж", "яма"));
}

TEST_P(DatabaseTest, ReadersMustNotWrite) {
  EXPECT_THAT(db_->Read([](Transaction& tx) {
    return tx.Execute("INSERT INTO things (id) VALUES ($1)", "a").status();
  }),
              StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, RefusesATransactionInsideAnother) {
  EXPECT_THAT(db_->Write([&](Transaction&) {
    return db_->Read([](Transaction&) { return absl::OkStatus(); });
  }),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_P(DatabaseTest, TellsOfCommitsOnly) {
  int told = 0;
  ASSERT_OK(db_->Write([&](Transaction& tx) {
    tx.OnCommit([&] { ++told; });
    return absl::OkStatus();
  }));
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(db_->Write([&](Transaction& tx) {
                    tx.OnCommit([&] { ++told; });
                    return absl::AbortedError("no");
                  })
                   .ok());
  EXPECT_EQ(told, 1);
}

TEST_P(DatabaseTest, PassesExceptionsOn) {
  EXPECT_THROW(
      {
        db_->Write([](Transaction& tx) -> absl::Status {
             tx.Execute("INSERT INTO things (id) VALUES ('a')").IgnoreError();
             throw std::runtime_error("x");
           })
            .IgnoreError();
      },
      std::runtime_error);
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, ConcurrentIncrementsLoseNothing) {
  constexpr int kThreads = 16;
  constexpr int kEach = 50;
  ASSERT_OK(Execute("INSERT INTO things (id) VALUES ('a')"));
  std::atomic<bool> torn = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        EXPECT_OK(db_->Write([&](Transaction& tx) -> absl::Status {
          RETURN_IF_ERROR(
              tx.Execute("INSERT INTO things (id, n) VALUES ($1, 1)", absl::StrCat(i, "-", n))
                  .status());
          return tx.Execute("UPDATE things SET n = n + 1 WHERE id = 'a'").status();
        }));
        const Row row = Query(
                            "SELECT (SELECT n FROM things WHERE id = 'a'), "
                            "(SELECT COUNT(*) FROM things WHERE id <> 'a')")
                            .at(0);
        if (row.Int(0) != row.Int(1)) torn = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(torn);
  EXPECT_EQ(Query("SELECT n FROM things WHERE id = 'a'").at(0).Int(0), kThreads * kEach);
}

TEST_P(DatabaseTest, FailingBodiesRollBackAlone) {
  constexpr int kThreads = 16;
  constexpr int kEach = 40;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        const bool fail = (i + n) % 3 == 0;
        const absl::Status status = db_->Write([&](Transaction& tx) -> absl::Status {
          RETURN_IF_ERROR(tx.Execute("INSERT INTO things (id, ok) VALUES ($1, $2)",
                                     absl::StrCat(i, "-", n), !fail)
                              .status());
          return fail ? absl::CancelledError("me alone") : absl::OkStatus();
        });
        EXPECT_THAT(status, StatusIs(fail ? absl::StatusCode::kCancelled : absl::StatusCode::kOk));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int expected = 0;
  for (int i = 0; i < kThreads; ++i) {
    for (int n = 0; n < kEach; ++n) expected += (i + n) % 3 != 0 ? 1 : 0;
  }
  EXPECT_EQ(Count(), expected);
  EXPECT_EQ(Query("SELECT COUNT(*) FROM things WHERE ok = $1", false).at(0).Int(0), 0);
}

TEST_P(DatabaseTest, WritesInTheBackgroundHoweverBusyTheOthersAre) {
  std::atomic<bool> done = false;
  std::vector<std::thread> others;
  for (int i = 0; i < 4; ++i) {
    others.emplace_back([&, i] {
      for (int n = 0; !done; ++n) {
        EXPECT_OK(Execute("INSERT INTO things (id) VALUES ($1)", absl::StrCat(i, "-", n)));
      }
    });
  }
  EXPECT_OK(db_->WriteInBackground([](Transaction& tx) {
    return tx.Execute("INSERT INTO things (id) VALUES ($1)", "patient").status();
  }));
  done = true;
  for (std::thread& other : others) other.join();
  EXPECT_EQ(Query("SELECT id FROM things WHERE id = $1", "patient").size(), 1u);
}

TEST(SqliteTest, RunsAGroupAgainWhenOneOfItFails) {
  auto database = OpenSqlite({.path = ":memory:"});
  ASSERT_OK(database);
  ASSERT_OK((*database)->Write([](Transaction& tx) { return tx.ExecuteScript(kTables); }));
  // Blocks the writer until all other bodies wait, so that they form one group.
  absl::Notification held, go;
  std::thread holder([&] {
    EXPECT_OK((*database)->Write([&](Transaction&) {
      held.Notify();
      go.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  held.WaitForNotification();
  constexpr int kBodies = 5;
  std::atomic<int> runs = 0, begun = 0;
  std::vector<absl::Status> statuses(kBodies);
  std::vector<std::thread> threads;
  for (int i = 0; i < kBodies; ++i) {
    threads.emplace_back([&, i] {
      ++begun;
      statuses[i] = (*database)->Write([&](Transaction& tx) -> absl::Status {
        ++runs;
        RETURN_IF_ERROR(
            tx.Execute("INSERT INTO things (id) VALUES ($1)", absl::StrCat(i)).status());
        return i == 3 ? absl::CancelledError("no") : absl::OkStatus();
      });
    });
  }
  while (begun < kBodies) std::this_thread::yield();
  go.Notify();
  holder.join();
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kBodies; ++i) {
    EXPECT_THAT(statuses[i],
                StatusIs(i == 3 ? absl::StatusCode::kCancelled : absl::StatusCode::kOk));
  }
  EXPECT_LE(runs, 2 * kBodies);
  ASSERT_OK((*database)->Read([](Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, tx.Query("SELECT id FROM things ORDER BY id"));
    EXPECT_EQ(rows.size(), kBodies - 1u);
    return absl::OkStatus();
  }));
}

TEST(SqliteTest, BreaksOffReadsThatTakeTooLong) {
  auto database = OpenSqlite({.path = ":memory:", .read_timeout = absl::Milliseconds(50)});
  ASSERT_OK(database);
  const auto count_to = [&](int64_t end) {
    return (*database)->Read([&](Transaction& transaction) {
      return transaction
          .Query(
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
              "SELECT COUNT(*) FROM n",
              end)
          .status();
    });
  };
  EXPECT_THAT(count_to(int64_t{1} << 40), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(count_to(10));
}

}  // namespace
}  // namespace veche::sql
