#include "common/sql/sqlite_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using veche::testing::StatusIs;

class SqliteSnapshotTest : public ::testing::Test {
 protected:
  SqliteSnapshotTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "snapshot-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~SqliteSnapshotTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Database> Open(const std::filesystem::path& file) {
    auto database = OpenSqlite({.path = file.string()});
    EXPECT_OK(database);
    return *std::move(database);
  }
  std::unique_ptr<Database> Create(const std::filesystem::path& file) {
    auto database = Open(file);
    EXPECT_OK(database->Write([](Transaction& transaction) {
      return transaction.ExecuteScript(
          "CREATE TABLE counter (n BIGINT NOT NULL); INSERT INTO counter (n) VALUES (0);"
          "CREATE TABLE filling (text TEXT NOT NULL);");
    }));
    return database;
  }
  static absl::Status Set(Database& database, int64_t n) {
    return database.Write([n](Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(
          transaction.Execute("INSERT INTO filling (text) VALUES ($1)", std::string(500, 'x'))
              .status());
      return transaction.Execute("UPDATE counter SET n = $1", n).status();
    });
  }
  int64_t Count(const std::filesystem::path& file) {
    int64_t n = -1;
    EXPECT_OK(Open(file)->Read([&](Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, transaction.Query("SELECT n FROM counter"));
      n = rows.at(0).Int(0);
      return absl::OkStatus();
    }));
    return n;
  }

  std::filesystem::path folder_;
};

// One thread counts in three databases, one after the other, and never pauses. A snapshot of one
// moment shows each of them at most one step behind the one before.
TEST_F(SqliteSnapshotTest, ShowsOneMomentOfAllDatabases) {
  const std::vector<std::filesystem::path> files = {folder_ / "c.db", folder_ / "a.db",
                                                    folder_ / "b.db"};
  std::vector<std::unique_ptr<Database>> databases;
  for (const auto& file : files) databases.push_back(Create(file));
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int64_t n = 1; !stop; ++n) {
      for (const auto& database : databases) EXPECT_OK(Set(*database, n));
    }
  });
  int64_t last = 0;
  for (int round = 0; round < 5; ++round) {
    const auto snapshot = SqliteSnapshot::Take(files);
    ASSERT_OK(snapshot);
    std::vector<int64_t> counts;
    for (size_t i = 0; i < files.size(); ++i) {
      const auto copy = folder_ / absl::StrCat("copy-", round, "-", i);
      ASSERT_OK((*snapshot)->CopyTo(i, copy));
      struct stat info = {};
      ASSERT_EQ(stat(copy.c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 0777, 0600u);
      counts.push_back(Count(copy));
    }
    EXPECT_GE(counts[0], counts[1]);
    EXPECT_GE(counts[1], counts[2]);
    EXPECT_LE(counts[0] - counts[2], 1);
    EXPECT_GE(counts[2], last) << "later than the snapshot before";
    last = counts[2];
  }
  stop = true;
  writer.join();
}

TEST_F(SqliteSnapshotTest, WritersGoOnWhileItIsCopied) {
  const auto file = folder_ / "a.db";
  const auto database = Create(file);
  ASSERT_OK(Set(*database, 1));
  const auto snapshot = SqliteSnapshot::Take({file});
  ASSERT_OK(snapshot);
  ASSERT_OK(Set(*database, 2));
  ASSERT_OK((*snapshot)->CopyTo(0, folder_ / "copy"));
  EXPECT_EQ(Count(folder_ / "copy"), 1);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy-wal"));
}

TEST_F(SqliteSnapshotTest, GivesUpWhenAWriterLeavesNoGap) {
  const auto file = folder_ / "a.db";
  const auto database = Create(file);
  ASSERT_OK(database->Write([&](Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(transaction.Execute("UPDATE counter SET n = 5").status());
    EXPECT_THAT(SqliteSnapshot::Take({file}, absl::ZeroDuration()),
                StatusIs(absl::StatusCode::kUnavailable));
    return absl::OkStatus();
  }));
}

TEST_F(SqliteSnapshotTest, FindsADamagedDatabase) {
  const auto file = folder_ / "a.db";
  {
    const auto database = Create(file);
    for (int n = 0; n < 200; ++n) ASSERT_OK(Set(*database, n));
  }
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(3 * 4096 + 10);
    bytes << std::string(300, '\xff');
  }
  const auto snapshot = SqliteSnapshot::Take({file});
  ASSERT_OK(snapshot);
  const absl::Status copied = (*snapshot)->CopyTo(0, folder_ / "copy");
  EXPECT_THAT(copied, StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(SqliteSnapshotTest, RefusesWhatIsNoDatabase) {
  std::ofstream(folder_ / "a.db") << std::string(5000, 'x');
  EXPECT_THAT(SqliteSnapshot::Take({folder_ / "a.db"}), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(SqliteSnapshot::Take({folder_ / "missing.db"}).ok());
}

}  // namespace
}  // namespace veche::sql
