#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "common/blob/store.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/blobXXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = fs::path(pattern) / "blobs";
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

  std::string Get(absl::string_view key, size_t piece = 3) {
    auto reader = store_->Open(key);
    if (!reader.ok()) return std::string(reader.status().message());
    std::string content;
    while (true) {
      auto bytes = (*reader)->Read(piece);
      EXPECT_OK(bytes);
      EXPECT_LE(bytes->size(), piece);
      if (bytes->empty()) break;
      content += *bytes;
    }
    EXPECT_EQ((*reader)->size_bytes(), static_cast<int64_t>(content.size()));
    return content;
  }

  void MakeOld(const fs::path& path) {
    timespec old[2] = {absl::ToTimespec(absl::Now() - absl::Hours(48)),
                       absl::ToTimespec(absl::Now() - absl::Hours(48))};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), old, 0), 0);
  }

  std::vector<std::string> Older(absl::Time before) {
    std::vector<std::string> keys;
    EXPECT_OK(store_->ForEachOlder(before, [&](absl::string_view key) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }

  size_t Incoming() {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_ / "incoming"), fs::directory_iterator()));
  }

  fs::path folder_;
  std::unique_ptr<Store> store_;
};

// SHA-256 of "abc", FIPS 180-2, appendix B.1.
constexpr absl::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_F(FolderTest, GivesBackWhatWasWritten) {
  auto writer = store_->Create(1000);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("a"));
  ASSERT_OK((*writer)->Append(""));
  ASSERT_OK((*writer)->Append("bc"));
  EXPECT_EQ((*writer)->size_bytes(), 3);
  auto blob = (*writer)->Commit();
  ASSERT_OK(blob);
  EXPECT_EQ(blob->sha256, kAbc);
  EXPECT_EQ(blob->size_bytes, 3);
  EXPECT_EQ(Get(blob->key), "abc");
  EXPECT_EQ(Get(blob->key, 100'000'000), "abc");
  EXPECT_EQ(Incoming(), 0u);
}

TEST_F(FolderTest, StoresTheSameContentOnce) {
  Blob first = Put("abc");
  Blob second = Put("abc");
  EXPECT_EQ(first.key, second.key);
  EXPECT_THAT(Older(absl::InfiniteFuture()), ElementsAre(first.key));
  EXPECT_NE(Put("abd").key, first.key);
}

TEST_F(FolderTest, TakesEmptyAndBinaryFiles) {
  EXPECT_EQ(Get(Put("").key), "");
  std::string binary("\0\xff\n\0", 4);
  EXPECT_EQ(Get(Put(binary).key), binary);
}

TEST_F(FolderTest, PatchesWhatWasAppended) {
  auto writer = store_->Create(1000);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("xbc"));
  ASSERT_OK((*writer)->Patch(0, "a"));
  auto blob = (*writer)->Commit();
  ASSERT_OK(blob);
  EXPECT_EQ(blob->sha256, kAbc);
  EXPECT_EQ(Get(blob->key), "abc");

  writer = store_->Create(1000);
  ASSERT_OK((*writer)->Append("abc"));
  EXPECT_FALSE((*writer)->Patch(2, "xy").ok());
}

TEST_F(FolderTest, RefusesWhatIsTooLargeAndForgetsIt) {
  auto writer = store_->Create(4);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("1234"));
  EXPECT_THAT((*writer)->Append("5"), HasReason("FILE_TOO_LARGE"));
  EXPECT_THAT((*writer)->Append(""), HasReason("FILE_TOO_LARGE"));
  EXPECT_THAT((*writer)->Commit(), HasReason("FILE_TOO_LARGE"));
  writer->reset();
  EXPECT_EQ(Incoming(), 0u);
  EXPECT_THAT(Older(absl::InfiniteFuture()), IsEmpty());
}

TEST_F(FolderTest, LeavesNothingOfWhatWasNotCommitted) {
  {
    auto writer = store_->Create(1000);
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->Append("abc"));
    EXPECT_EQ(Incoming(), 1u);
  }
  EXPECT_EQ(Incoming(), 0u);
}

TEST_F(FolderTest, FindsNothingByOtherKeys) {
  Put("abc");
  for (absl::string_view key :
       {"", "abc", "../../../etc/passwd",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "0000000000000000000000000000000000000000000000000000000000000000"}) {
    EXPECT_THAT(store_->Open(key), HasReason("BLOB_NOT_FOUND")) << key;
  }
}

TEST_F(FolderTest, DeletesOnlyWhatIsOld) {
  Blob old = Put("old");
  Blob fresh = Put("fresh");
  MakeOld(folder_ / old.key.substr(0, 2) / old.key);
  absl::Time yesterday = absl::Now() - absl::Hours(24);
  EXPECT_THAT(Older(yesterday), ElementsAre(old.key));
  EXPECT_THAT(store_->DeleteOlder(old.key, yesterday), testing::IsOkAndHolds(true));
  EXPECT_THAT(store_->DeleteOlder(old.key, yesterday), testing::IsOkAndHolds(true));
  EXPECT_THAT(store_->DeleteOlder(fresh.key, yesterday), testing::IsOkAndHolds(false));
  EXPECT_THAT(store_->Open(old.key), HasReason("BLOB_NOT_FOUND"));
  EXPECT_EQ(Get(fresh.key), "fresh");
}

TEST_F(FolderTest, IsYoungAgainWhenTheSameContentComes) {
  Blob blob = Put("abc");
  MakeOld(folder_ / blob.key.substr(0, 2) / blob.key);
  Put("abc");
  EXPECT_THAT(store_->DeleteOlder(blob.key, absl::Now() - absl::Hours(24)),
              testing::IsOkAndHolds(false));
}

TEST_F(FolderTest, ReadsOnWhileItIsDeleted) {
  Blob blob = Put("abc");
  auto reader = store_->Open(blob.key);
  ASSERT_OK(reader);
  EXPECT_THAT(store_->DeleteOlder(blob.key, absl::InfiniteFuture()), testing::IsOkAndHolds(true));
  EXPECT_THAT((*reader)->Read(10), testing::IsOkAndHolds("abc"));
}

TEST_F(FolderTest, StopsListingWhenTold) {
  Put("a");
  Put("b");
  int seen = 0;
  ASSERT_OK(store_->ForEachOlder(absl::InfiniteFuture(), [&](absl::string_view) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
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
  Blob blob = Put("abc");
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(folder_ / blob.key.substr(0, 2) / blob.key).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FolderTest, TakesManyAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) EXPECT_EQ(Get(Put("the same").key), "the same");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Older(absl::InfiniteFuture()).size(), 1u);
}

TEST_F(FolderTest, SaysWhenTheStorageIsGone) {
  fs::remove_all(folder_);
  EXPECT_THAT(store_->Create(10), HasReason("STORAGE_UNAVAILABLE"));
  std::ofstream(folder_.parent_path() / "file") << "x";
  EXPECT_THAT(OpenFolder(folder_.parent_path() / "file"), HasReason("STORAGE_UNAVAILABLE"));
}

}  // namespace
}  // namespace veche::blob
