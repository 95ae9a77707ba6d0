#include "common/blob/copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/blob/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOkAndHolds;

class CopyTest : public ::testing::Test {
 protected:
  CopyTest() { options_.pause = absl::Milliseconds(1); }
  ~CopyTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Store> Open(absl::string_view name) {
    auto store = OpenFolder(folder_ / std::string(name));
    EXPECT_OK(store);
    return *std::move(store);
  }
  std::string Put(Store& store, absl::string_view content) {
    auto writer = store.Create(1 << 20);
    EXPECT_OK(writer);
    EXPECT_OK((*writer)->Append(content));
    return (*writer)->Commit()->key;
  }
  CopyCounts Copy(Store& from, Store& to) {
    failures_.clear();
    options_.on_failure = [this](absl::string_view key, const absl::Status& why) {
      failures_.push_back(absl::StrCat(key, " ", ErrorReason(why)));
    };
    const auto counts = blob::Copy(from, to, options_);
    EXPECT_OK(counts);
    return *counts;
  }
  void Damage(absl::string_view store, const std::string& key) {
    const fs::path file = folder_ / std::string(store) / key.substr(0, 2) / key;
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(file) << "damaged";
  }

  const fs::path folder_ = NewTestFolder();
  CopyOptions options_;
  std::vector<std::string> failures_;
};

TEST_F(CopyTest, CopiesWhatIsNotThere) {
  auto from = Open("from");
  auto to = Open("to");
  std::vector<std::string> keys;
  for (int i = 0; i < 20; ++i) keys.push_back(Put(*from, absl::StrCat("file ", i)));
  Put(*to, "file 3");

  const CopyCounts counts = Copy(*from, *to);
  EXPECT_EQ(counts.copied, 19);
  EXPECT_EQ(counts.copied_bytes, 10 * 6 + 10 * 7 - 6);
  EXPECT_EQ(counts.present, 1);
  EXPECT_EQ(counts.failed, 0);
  EXPECT_TRUE(counts.finished);
  for (int i = 0; i < 20; ++i) {
    auto reader = to->Open(keys[static_cast<size_t>(i)]);
    ASSERT_OK(reader);
    EXPECT_THAT((*reader)->Read(100), IsOkAndHolds(absl::StrCat("file ", i)));
  }
  EXPECT_EQ(Copy(*from, *to).present, 20);
}

TEST_F(CopyTest, NamesWhatIsDamagedAndCopiesTheRest) {
  auto from = Open("from");
  auto to = Open("to");
  const std::string bad = Put(*from, "bad");
  const std::string good = Put(*from, "good");
  Damage("from", bad);
  const CopyCounts counts = Copy(*from, *to);
  EXPECT_EQ(counts.copied, 1);
  EXPECT_EQ(counts.failed, 1);
  EXPECT_TRUE(counts.finished);
  EXPECT_THAT(failures_, ElementsAre(absl::StrCat(bad, " BLOB_DAMAGED")));
  EXPECT_THAT(to->Open(bad), HasReason("BLOB_NOT_FOUND"));
}

TEST_F(CopyTest, ReplacesADamagedCopy) {
  auto from = Open("from");
  auto to = Open("to");
  const std::string key = Put(*from, "good");
  Copy(*from, *to);
  Damage("to", key);
  EXPECT_EQ(Copy(*from, *to).copied, 1);
  EXPECT_EQ(Copy(*from, *to).present, 1);
}

TEST_F(CopyTest, StopsWhenAStoreIsAway) {
  auto from = Open("from");
  for (int i = 0; i < 100; ++i) Put(*from, absl::StrCat("file ", i));
  auto to = OpenS3({.url = "http://127.0.0.1:1", .spool = folder_ / "uploads", .tries = 1},
                   observe::NullTelemetry());
  ASSERT_OK(to);
  options_.threads = 2;
  const CopyCounts counts = Copy(*from, **to);
  EXPECT_FALSE(counts.finished);
  EXPECT_EQ(counts.copied, 0);
  EXPECT_GE(counts.failed, 1);
  EXPECT_LE(counts.failed, 2);
}

TEST_F(CopyTest, ToABucketAndBack) {
  const S3TestServer* server = S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  auto from = Open("from");
  auto bucket = OpenS3(server->NewOptions(), observe::NullTelemetry());
  ASSERT_OK(bucket);
  const std::string key = Put(*from, "a file");
  const std::string of_bucket = Put(**bucket, "another file");
  EXPECT_EQ(Copy(*from, **bucket).copied, 1);
  auto back = Open("back");
  EXPECT_EQ(Copy(**bucket, *back).copied, 2);
  EXPECT_THAT((*back->Open(key))->Read(100), IsOkAndHolds("a file"));
  EXPECT_THAT((*back->Open(of_bucket))->Read(100), IsOkAndHolds("another file"));
  EXPECT_EQ(Copy(*back, **bucket).present, 2);
  EXPECT_THAT(failures_, IsEmpty());
}

}  // namespace
}  // namespace veche::blob
