#include "services/data_folder.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace veche
