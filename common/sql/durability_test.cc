#include "common/sql/durability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/sql/deadline.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using ::testing::HasSubstr;
using veche::testing::StatusIs;

// A folder that is deleted after the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "veche-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

std::unique_ptr<Database> OpenOrDie(const SqliteOptions& options) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite(options);
  if (!database.ok()) ADD_FAILURE() << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

// Runs in a child process until it is killed: inserts rows from many threads and writes the id of
// each acknowledged row to the pipe.
[[noreturn]] void InsertForEver(const std::string& path, int acknowledged) {
  auto db = OpenSqlite({.path = path});
  if (!db.ok()) _exit(1);
  constexpr int64_t kPerThread = 1'000'000;
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int64_t id = i * kPerThread;; ++id) {
        const absl::Status status = (*db)->Write([&](Transaction& tx) {
          return tx.Execute("INSERT INTO rows (id) VALUES ($1)", id).status();
        });
        if (!status.ok() || write(acknowledged, &id, sizeof id) != sizeof id) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(0);
}

TEST(DurabilityTest, KilledProcessLosesNoAcknowledgedRow) {
  Folder folder;
  const std::string path = folder.File("a.db");
  std::set<int64_t> acknowledged;
  ASSERT_OK(OpenOrDie({.path = path})->Write([](Transaction& tx) {
    return tx.ExecuteScript("CREATE TABLE rows (id BIGINT PRIMARY KEY)");
  }));
  for (int round = 1; round <= 3; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const std::string own = folder.File(absl::StrCat(round, ".db"));
    std::filesystem::copy(path, own);
    const pid_t child = fork();
    if (child == 0) {
      close(pipes[0]);
      InsertForEver(own, pipes[1]);
    }
    close(pipes[1]);
    acknowledged.clear();
    int64_t id;
    const size_t enough = 150 * round;
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
      acknowledged.insert(id);
      if (acknowledged.size() == enough) kill(child, SIGKILL);  // then read the rest of the pipe
    }
    close(pipes[0]);
    int state = 0;
    waitpid(child, &state, 0);
    ASSERT_TRUE(WIFSIGNALED(state)) << state;
    ASSERT_GE(acknowledged.size(), enough);
    std::set<int64_t> stored;
    ASSERT_OK(OpenOrDie({.path = own})->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows, tx.Query("SELECT id FROM rows"));
      for (const Row& row : rows) stored.insert(row.Int(0));
      return absl::OkStatus();
    }));
    for (const int64_t row : acknowledged) ASSERT_TRUE(stored.contains(row)) << row;
  }
}

TEST(SqliteFileTest, IsInWalModeAndFullySynchronous) {
  Folder folder;
  auto db = OpenOrDie({.path = folder.File("a.db")});
  ASSERT_OK(db->Write([](Transaction& tx) -> absl::Status {
    EXPECT_EQ(tx.Query("PRAGMA journal_mode")->at(0).Text(0), "wal");
    EXPECT_EQ(tx.Query("PRAGMA synchronous")->at(0).Int(0), 2);
    EXPECT_EQ(tx.Query("PRAGMA foreign_keys")->at(0).Int(0), 1);
    return absl::OkStatus();
  }));
}

TEST(SqliteFileTest, OverwrittenValuesLeaveTheFile) {
  Folder folder;
  const std::string path = folder.File("a.db");
  const auto file_has = [&](absl::string_view text) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    return absl::StrContains(bytes, text);
  };
  const auto run = [&](absl::string_view statement) {
    auto db = OpenOrDie({.path = path});  // its end moves the log into the file
    EXPECT_OK(db->Write([&](Transaction& tx) -> absl::Status {
      EXPECT_EQ(tx.Query("PRAGMA secure_delete")->at(0).Int(0), 1);
      return tx.Execute(statement).status();
    }));
  };
  run("CREATE TABLE t (id BIGINT, v TEXT)");
  run("INSERT INTO t (id, v) VALUES (1, 'the sealed key'), (2, 'another value')");
  EXPECT_TRUE(file_has("the sealed key"));
  run("UPDATE t SET v = '' WHERE id = 1");
  EXPECT_FALSE(file_has("the sealed key"));
  EXPECT_TRUE(file_has("another value"));
}

TEST(SqliteFileTest, AReadKeepsItsSnapshotWhileOthersWrite) {
  Folder folder;
  auto db = OpenOrDie({.path = folder.File("a.db")});
  ASSERT_OK(
      db->Write([](Transaction& tx) { return tx.ExecuteScript("CREATE TABLE t (n BIGINT)"); }));
  ASSERT_OK(db->Read([&](Transaction& tx) -> absl::Status {
    EXPECT_EQ(tx.Query("SELECT COUNT(*) FROM t")->at(0).Int(0), 0);
    std::thread([&] {
      EXPECT_OK(db->Write(
          [](Transaction& write) { return write.Execute("INSERT INTO t VALUES (1)").status(); }));
    }).join();
    EXPECT_EQ(tx.Query("SELECT COUNT(*) FROM t")->at(0).Int(0), 0);
    return absl::OkStatus();
  }));
}

TEST(SqliteFileTest, RefusesWhatIsNoDatabase) {
  Folder folder;
  EXPECT_FALSE(OpenSqlite({.path = folder.File("no/such/folder/a.db")}).ok());
}

// The writer is held inside a body while the queue fills.
TEST(SqliteQueueTest, RefusesWritesBeyondItsBound) {
  auto db = OpenOrDie({.path = ":memory:", .max_waiting_writes = 2});
  absl::Notification inside;
  absl::Notification leave;
  std::thread first([&] {
    EXPECT_OK(db->Write([&](Transaction&) {
      inside.Notify();
      leave.WaitForNotification();
      return absl::OkStatus();
    }));
  });
  inside.WaitForNotification();
  absl::Mutex mutex;
  int refused = 0;
  std::vector<std::thread> more;
  for (int i = 0; i < 5; ++i) {
    more.emplace_back([&] {
      const absl::Status status = db->Write([](Transaction&) { return absl::OkStatus(); });
      if (status.ok()) return;
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
      EXPECT_EQ(ErrorReason(status), "DATABASE_BUSY");
      EXPECT_GT(RetryAfter(status), absl::ZeroDuration());
      absl::MutexLock lock(&mutex);
      ++refused;
    });
  }
  {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(
        +[](int* count) { return *count == 3; }, &refused));
  }
  leave.Notify();
  first.join();
  for (std::thread& thread : more) thread.join();
}

// A full disk fails all bodies of the group; the next group succeeds again.
TEST(SqliteFileTest, SurvivesAFullDatabase) {
  Folder folder;
  auto db = OpenOrDie({.path = folder.File("a.db")});
  ASSERT_OK(db->Write([](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.ExecuteScript("CREATE TABLE t (b BLOB)"));
    return tx.Query("PRAGMA max_page_count=32").status();
  }));
  EXPECT_THAT(db->Write([](Transaction& tx) {
    return tx.Execute("INSERT INTO t VALUES ($1)", Blob{std::string(1 << 20, 'x')}).status();
  }),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(db->Write([](Transaction& tx) {
    return tx.Execute("INSERT INTO t VALUES ($1)", Blob{"small"}).status();
  }));
}

std::unique_ptr<Database> OpenServer() {
  for (const testing::TestEngine& engine : testing::Engines()) {
    if (engine.name == "Postgres") return engine.open();
  }
  return nullptr;
}

TEST(PostgresTest, ReconnectsAfterItsConnectionsWereCut) {
  auto db = OpenServer();
  if (db == nullptr) GTEST_SKIP() << "no Postgres here";
  const auto cut = [](Transaction& tx) {
    return tx
        .Query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND application_name = 'veche'")
        .status();
  };
  auto other = OpenServer();
  ASSERT_OK(
      db->Write([](Transaction& tx) { return tx.ExecuteScript("CREATE TABLE t (n BIGINT)"); }));
  ASSERT_OK(other->Write(cut));
  EXPECT_OK(
      db->Write([](Transaction& tx) { return tx.Execute("INSERT INTO t VALUES (1)").status(); }));
  // The connection is lost in the middle: nothing was committed, so the body runs again.
  int tries = 0;
  EXPECT_OK(db->Write([&](Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute("INSERT INTO t VALUES (2)").status());
    if (++tries == 1) RETURN_IF_ERROR(other->Write(cut));
    return tx.Execute("INSERT INTO t VALUES (3)").status();
  }));
  EXPECT_OK(db->Read([](Transaction& tx) -> absl::Status {
    EXPECT_EQ(tx.Query("SELECT COUNT(*) FROM t")->at(0).Int(0), 3);
    return absl::OkStatus();
  }));
}

TEST(PostgresTest, TriesADeadlockedTransactionAgain) {
  auto db = OpenServer();
  if (db == nullptr) GTEST_SKIP() << "no Postgres here";
  ASSERT_OK(db->Write([](Transaction& tx) {
    return tx.ExecuteScript(
        "CREATE TABLE t (id BIGINT, n BIGINT); INSERT INTO t VALUES (1, 0), (2, 0)");
  }));
  std::barrier both(2);
  const auto add = [&](int64_t first, int64_t second) {
    bool again = false;
    EXPECT_OK(db->Write([&](Transaction& tx) -> absl::Status {
      RETURN_IF_ERROR(tx.Execute("UPDATE t SET n = n + 1 WHERE id = $1", first).status());
      if (!std::exchange(again, true)) {
        both.arrive_and_wait();
      }
      return tx.Execute("UPDATE t SET n = n + 1 WHERE id = $1", second).status();
    }));
  };
  std::thread other([&] { add(2, 1); });
  add(1, 2);
  other.join();
  EXPECT_OK(db->Read([](Transaction& tx) -> absl::Status {
    EXPECT_EQ(tx.Query("SELECT SUM(n) FROM t")->at(0).Int(0), 4);
    return absl::OkStatus();
  }));
}

// The tests' cluster has fsync and full_page_writes off.
TEST(PostgresTest, WhatLosesDataIsRefusedUnlessItIsAccepted) {
  const auto db = OpenServer();
  if (db == nullptr) GTEST_SKIP() << "no Postgres here";
  const absl::Status refused = CheckDurability(*db, {});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("fsync and full_page_writes are off"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("acceptedRisks"));
  EXPECT_THAT(std::string(CheckDurability(*db, {"fsync"}).message()),
              HasSubstr("full_page_writes is off"));
  EXPECT_OK(CheckDurability(*db, {"fsync", "full_page_writes"}));
  EXPECT_OK(CheckDurability(*testing::OpenInMemory(), {}));
}

TEST(PostgresTest, AFrozenServerDoesNotHoldACallForLong) {
  auto db = OpenServer();
  if (db == nullptr) GTEST_SKIP() << "no Postgres here";
  pid_t server = 0;  // the process that serves the only connection so far
  const auto ask = [&](Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, tx.Query("SELECT pg_backend_pid()"));
    server = static_cast<pid_t>(rows.at(0).Int(0));
    return absl::OkStatus();
  };
  ASSERT_OK(db->Read(ask));
  if (kill(server, SIGSTOP) != 0) GTEST_SKIP() << "PostgreSQL is not of this machine";
  {
    const DeadlineScope scope(absl::Now() + absl::Milliseconds(200));
    EXPECT_THAT(db->Read(ask), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  kill(server, SIGCONT);
  const pid_t frozen = server;
  EXPECT_OK(db->Read(ask));
  EXPECT_NE(server, frozen) << "the connection was replaced";
}

TEST(PostgresTest, AFrozenServerDoesNotHoldTheEndOfANotifier) {
  auto db = OpenServer();
  if (db == nullptr) GTEST_SKIP() << "no Postgres here";
  auto notifier = db->OpenNotifier("frozen", [] {});
  pid_t server = 0;
  while (server == 0) {  // until the notifier listens
    ASSERT_OK(db->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows,
                       tx.Query("SELECT pid FROM pg_stat_activity WHERE application_name = "
                                "'veche notifier' AND query LIKE 'LISTEN%frozen%'"));
      if (!rows.empty()) server = static_cast<pid_t>(rows[0].Int(0));
      return absl::OkStatus();
    }));
  }
  if (kill(server, SIGSTOP) != 0) GTEST_SKIP() << "PostgreSQL is not of this machine";
  notifier->Notify();
  notifier.reset();  // hangs if it waited for the server's answer
  kill(server, SIGCONT);
}

TEST(PostgresTest, AnUnreachableServerIsUnavailable) {
  auto db = OpenPostgres({.connection = "host=/nowhere user=nobody", .schema = "x"});
  ASSERT_OK(db);
  EXPECT_THAT((*db)->Read([](Transaction&) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace veche::sql
