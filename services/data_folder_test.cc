#include "services/data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/testing/status_matchers.h"

namespace veche {
namespace {

TEST(DataFolderTest, BelongsToOneProcessAtATime) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "data_folder_test" / "inner";
  std::filesystem::remove_all(path);
  auto first = DataFolder::Open(path);
  ASSERT_OK(first);
  auto second = DataFolder::Open(path);
  EXPECT_THAT(second, testing::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr("--data_dir"));
  first->reset();
  EXPECT_OK(DataFolder::Open(path));
}

TEST(DataFolderTest, SaysWhyItCannotBeMade) {
  EXPECT_THAT(DataFolder::Open("/proc/veche"),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(DataFolderTest, IsRefusedUntilARestoreIsFinished) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "unfinished_restore";
  std::filesystem::create_directories(path);
  std::ofstream(path / "restore-unfinished") << "";
  const auto refused = DataFolder::Open(path);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("veche restore again"));
  EXPECT_OK(DataFolder::OpenToRestore(path));
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace veche
