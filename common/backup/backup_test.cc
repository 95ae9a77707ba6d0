#include "common/backup/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/backup/files.h"
#include "common/backup/manifest.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/testing/status_matchers.h"

namespace veche::backup {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() {
    fs::create_directories(data_ / "attachments/3f");
    fs::create_directories(target_);
    Write(data_ / "lock", "");
    Write(data_ / "identity.key", "secret");
    Write(data_ / "attachments/3f/photo", std::string(3'000'000, 'p'));
    appeals_ = Create("appeals.db");
    identity_ = Create("identity.db");
  }
  ~BackupTest() override { fs::remove_all(folder_); }

  std::unique_ptr<sql::Database> Create(const std::string& name) {
    auto database = sql::OpenSqlite({.path = (data_ / name).string()});
    EXPECT_OK(database);
    EXPECT_OK((*database)->Write([&](sql::Transaction& transaction) {
      return transaction.ExecuteScript(absl::StrCat(
          "CREATE TABLE names (name TEXT); INSERT INTO names (name) VALUES ('", name, "');"));
    }));
    return *std::move(database);
  }
  static void Write(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
  }
  static std::string Read(const fs::path& file) { return ReadWhole(file).value_or("missing"); }
  absl::StatusOr<Summary> BackUp() { return Backup(data_, copy_, absl::Now()); }

  static fs::path NewFolder() {
    std::string pattern = (fs::temp_directory_path() / "backup-XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  const fs::path folder_ = NewFolder();
  const fs::path data_ = folder_ / "data";
  const fs::path copy_ = folder_ / "copies" / "monday";
  const fs::path target_ = folder_ / "restored";
  std::unique_ptr<sql::Database> appeals_;  // in use, as by a running program
  std::unique_ptr<sql::Database> identity_;
};

TEST_F(BackupTest, ARunningProgramsDataComesBack) {
  const auto made = BackUp();
  ASSERT_OK(made);
  EXPECT_EQ(made->files, 4);
  EXPECT_GT(made->bytes, 3'000'000);
  const auto verified = Verify(copy_);
  ASSERT_OK(verified);
  EXPECT_EQ(verified->time, made->time);
  EXPECT_EQ(verified->bytes, made->bytes);

  ASSERT_OK(Restore(copy_, target_));
  EXPECT_THAT(ListFiles(target_), IsOkAndHolds(ElementsAre("appeals.db", "attachments/3f/photo",
                                                           "identity.db", "identity.key")));
  EXPECT_EQ(Read(target_ / "identity.key"), "secret");
  EXPECT_EQ(Read(target_ / "attachments/3f/photo"), std::string(3'000'000, 'p'));
  auto restored = sql::OpenSqlite({.path = (target_ / "appeals.db").string()});
  ASSERT_OK(restored);
  EXPECT_OK((*restored)->Read([](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, transaction.Query("SELECT name FROM names"));
    EXPECT_EQ(rows.at(0).Text(0), "appeals.db");
    return absl::OkStatus();
  }));
}

TEST_F(BackupTest, OnlyTheOwnerMayReadIt) {
  ASSERT_OK(BackUp());
  ASSERT_OK(Restore(copy_, target_));
  for (const fs::path& folder : {copy_, target_}) {
    for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
      EXPECT_EQ(entry->status().permissions() & (fs::perms::group_all | fs::perms::others_all),
                fs::perms::none)
          << entry->path();
    }
  }
}

TEST_F(BackupTest, EveryFlippedBitIsFoundBeforeAnythingIsWritten) {
  ASSERT_OK(BackUp());
  const auto files = ListFiles(copy_);
  ASSERT_OK(files);
  EXPECT_EQ(files->size(), 5u);
  for (const std::string& name : *files) {
    const std::string content = Read(copy_ / name);
    for (const size_t at : {size_t{0}, content.size() / 2, content.size() - 1}) {
      std::string flipped = content;
      flipped[at] = static_cast<char>(flipped[at] ^ 4);
      Write(copy_ / name, flipped);
      EXPECT_THAT(Restore(copy_, target_), StatusIs(absl::StatusCode::kDataLoss)) << name;
      EXPECT_THAT(ListNames(target_), IsOkAndHolds(IsEmpty())) << name;
    }
    Write(copy_ / name, content);
  }
  EXPECT_OK(Restore(copy_, target_)) << "the backup is whole again";
}

TEST_F(BackupTest, WhatIsTruncatedMissingOrAddedIsFound) {
  ASSERT_OK(BackUp());
  const auto files = ListFiles(copy_);
  ASSERT_OK(files);
  for (const std::string& name : *files) {
    const std::string content = Read(copy_ / name);
    Write(copy_ / name, content.substr(0, content.size() - 1));
    EXPECT_THAT(Verify(copy_), StatusIs(absl::StatusCode::kDataLoss)) << name;
    fs::remove(copy_ / name);
    const absl::Status missing = Restore(copy_, target_).status();
    EXPECT_THAT(missing, StatusIs(name == kManifestFile ? absl::StatusCode::kNotFound
                                                        : absl::StatusCode::kDataLoss));
    EXPECT_THAT(std::string(missing.message()), HasSubstr(name));
    Write(copy_ / name, content);
  }
  Write(copy_ / "polling.db", "of another backup");
  EXPECT_THAT(std::string(Verify(copy_).status().message()), HasSubstr("polling.db"));
  EXPECT_THAT(ListNames(target_), IsOkAndHolds(IsEmpty()));
}

TEST_F(BackupTest, NothingIsOverwritten) {
  ASSERT_OK(BackUp());
  EXPECT_THAT(BackUp(), StatusIs(absl::StatusCode::kFailedPrecondition)) << "has a backup";
  EXPECT_THAT(Backup(data_, data_ / "copy", absl::Now()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  Write(target_ / "identity.key", "of another city");
  const absl::Status refused = Restore(copy_, target_).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("identity.key"));
  EXPECT_EQ(Read(target_ / "identity.key"), "of another city");
}

TEST_F(BackupTest, AFailedBackupLeavesNothing) {
  appeals_.reset();
  Write(data_ / "appeals.db", std::string(8192, 'x'));
  EXPECT_FALSE(BackUp().ok());
  EXPECT_THAT(ListNames(copy_), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Backup(target_, copy_, absl::Now()), StatusIs(absl::StatusCode::kFailedPrecondition))
      << "no database";
}

TEST_F(BackupTest, AnUnfinishedRestoreIsDoneAgain) {
  ASSERT_OK(BackUp());
  Write(target_ / "lock", "");
  Write(target_ / kUnfinishedFile, "");  // as a killed Restore leaves it
  Write(target_ / "appeals.db", "half");
  ASSERT_OK(Restore(copy_, target_));
  EXPECT_FALSE(fs::exists(target_ / kUnfinishedFile));
  EXPECT_TRUE(fs::exists(target_ / "lock"));
  EXPECT_EQ(Read(target_ / "appeals.db"), Read(copy_ / "appeals.db"));
}

TEST_F(BackupTest, WhatAFileSystemHasByItselfMayStay) {
  ASSERT_OK(BackUp());
  fs::create_directories(target_ / "lost+found");
  ASSERT_OK(Restore(copy_, target_));
  EXPECT_TRUE(fs::exists(target_ / "lost+found"));
}

}  // namespace
}  // namespace veche::backup
