#include "services/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/service/schema.h"
#include "common/sql/database.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/data_folder.h"
#include "services/modules.h"

namespace veche {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using veche::testing::StatusIs;

class MigrateServicesTest : public ::testing::Test {
 protected:
  MigrateServicesTest() {
    config_.set_data_dir(folder_.string());
    for (const ModuleEntry& entry : Modules()) config_.add_services(std::string(entry.name));
  }
  ~MigrateServicesTest() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / absl::StrCat("migrate_", getpid());
  config::v1::Config config_;
  std::ostringstream out_;
};

TEST_F(MigrateServicesTest, BringsEachDatabaseUpToDate) {
  ASSERT_OK(MigrateServices(config_, out_));
  ASSERT_OK(MigrateServices(config_, out_)) << "a second time changes nothing";
  for (const ModuleEntry& entry : Modules()) {
    if (entry.serves.empty()) continue;
    EXPECT_TRUE(std::filesystem::exists(folder_ / absl::StrCat(entry.name, ".db"))) << entry.name;
    EXPECT_THAT(out_.str(), HasSubstr(absl::StrCat(entry.name, ": up to date\n")));
  }
}

TEST_F(MigrateServicesTest, OfTheGivenServicesOnly) {
  config_.clear_services();
  config_.add_services("issuer");
  ASSERT_OK(MigrateServices(config_, out_));
  EXPECT_EQ(out_.str(), "issuer: up to date\n");
}

TEST_F(MigrateServicesTest, NamesTheServiceWhoseDatabaseIsNewer) {
  ASSERT_OK(MigrateServices(config_, out_));
  {
    auto database = sql::OpenSqlite({.path = (folder_ / "polling.db").string()});
    ASSERT_OK(database);
    ASSERT_OK((*database)->Write([](sql::Transaction& transaction) {
      return transaction
          .Execute(
              "INSERT INTO schema_migrations (name, checksum, apply_time) "
              "VALUES ('9999_tomorrow', '0', 0)")
          .status();
    }));
  }
  const absl::Status status = MigrateServices(config_, out_);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("The database of polling"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("9999_tomorrow. Start the version"));
}

TEST_F(MigrateServicesTest, RefusesTheDataFolderOfARunningProcess) {
  const auto running = DataFolder::Open(folder_);
  ASSERT_OK(running);
  EXPECT_THAT(MigrateServices(config_, out_), StatusIs(absl::StatusCode::kFailedPrecondition));
}

// The migrations of the last release, from tests/upgrade.
std::set<std::string> Released() {
  const char* root = std::getenv("VECHE_SOURCE_DIR");
  std::ifstream file(absl::StrCat(root == nullptr ? "." : root, "/tests/upgrade/released.txt"));
  std::set<std::string> paths;
  std::string line;
  while (std::getline(file, line)) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() == 2) paths.insert(words[1]);
  }
  return paths;
}

class UpgradeTest : public ::testing::TestWithParam<sql::testing::TestEngine> {};

INSTANTIATE_TEST_SUITE_P(, UpgradeTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(UpgradeTest, TheSchemaOfTheLastReleaseIsBroughtUpToDate) {
  const std::set<std::string> released = Released();
  ASSERT_THAT(released, Not(IsEmpty()));
  for (const ModuleEntry& entry : Modules()) {
    if (entry.serves.empty()) continue;
    const std::vector<absl::Span<const EmbeddedFile>> now =
        service::MigrationsOf(entry.schema == nullptr ? service::Schema() : entry.schema());
    std::vector<EmbeddedFile> then;
    for (absl::Span<const EmbeddedFile> files : now) {
      for (const EmbeddedFile& file : files) {
        const std::string name = absl::StrCat("/migrations/", file.name);
        if (released.contains(absl::StrCat("services/", entry.name, "/storage", name)) ||
            released.contains(absl::StrCat("common/rpc", name)) ||
            released.contains(absl::StrCat("common/events", name))) {
          then.push_back(file);
        }
      }
    }
    const auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(sql::Migrate(*database, then)) << entry.name;
    EXPECT_OK(sql::Migrate(*database, now)) << entry.name;
  }
}

}  // namespace
}  // namespace veche
