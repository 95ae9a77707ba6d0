// What the folder promises besides store_test.cc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/blob/store.h"
#include "common/blob/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

namespace fs = std::filesystem;
using testing::HasReason;

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenFolder(folder_);
    ASSERT_OK(store);
    store_ = *std::move(store);
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  Blob Put(absl::string_view content) {
    auto writer = store_->Create(1000);
    EXPECT_OK(writer);
    EXPECT_OK((*writer)->Append(content));
    auto blob = (*writer)->Commit();
    EXPECT_OK(blob);
    return *blob;
  }

  size_t Incoming() {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_ / "incoming"), fs::directory_iterator()));
  }

  const fs::path folder_ = NewTestFolder() / "blobs";
  std::unique_ptr<Store> store_;
};

TEST_F(FolderTest, StoresTheSameContentOnce) {
  const Blob first = Put("abc");
  EXPECT_EQ(Put("abc").key, first.key);
  EXPECT_EQ(first.key, first.sha256);
  EXPECT_NE(Put("abd").key, first.key);
}

TEST_F(FolderTest, IsYoungAgainWhenTheSameContentComes) {
  const Blob blob = Put("abc");
  MakeOld(folder_ / blob.key.substr(0, 2) / blob.key);
  Put("abc");
  EXPECT_THAT(store_->DeleteOlder(blob.key, absl::Now() - absl::Hours(24)),
              testing::IsOkAndHolds(false));
}

TEST_F(FolderTest, LeavesNoTemporaryFile) {
  {
    auto writer = store_->Create(1000);
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->Append("abc"));
    EXPECT_EQ(Incoming(), 1u);
  }
  EXPECT_EQ(Incoming(), 0u);
  Put("abc");
  EXPECT_EQ(Incoming(), 0u);
}

TEST_F(FolderTest, ClearsAwayUploadsThatACrashLeft) {
  std::ofstream(folder_ / "incoming" / "left") << "abc";
  std::ofstream(folder_ / "incoming" / "running") << "abc";
  MakeOld(folder_ / "incoming" / "left");
  ASSERT_OK(OpenFolder(folder_));
  EXPECT_FALSE(fs::exists(folder_ / "incoming" / "left"));
  EXPECT_TRUE(fs::exists(folder_ / "incoming" / "running"));
}

TEST_F(FolderTest, IsForItsOwnerAlone) {
  const Blob blob = Put("abc");
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(folder_ / blob.key.substr(0, 2) / blob.key).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FolderTest, SaysWhenTheStorageIsGone) {
  fs::remove_all(folder_);
  EXPECT_THAT(store_->Create(10), HasReason("STORAGE_UNAVAILABLE"));
  std::ofstream(folder_.parent_path() / "file") << "x";
  EXPECT_THAT(OpenFolder(folder_.parent_path() / "file"), HasReason("STORAGE_UNAVAILABLE"));
}

}  // namespace
}  // namespace veche::blob
