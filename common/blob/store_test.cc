// What both stores promise.

#include "common/blob/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/blob/testing.h"
#include "common/crypto/sha256.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

// SHA-256 of "abc", FIPS 180-2, appendix B.1.
constexpr absl::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class StoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (GetParam() == absl::string_view("Folder")) {
      folder_ = NewTestFolder();
      store_ = *OpenFolder(folder_ / "blobs");
      file_of_ = [this](absl::string_view key) {
        return folder_ / "blobs" / std::string(key.substr(0, 2)) / std::string(key);
      };
      return;
    }
    const S3TestServer* server = S3TestServer::Get();
    if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
    S3Options options = server->NewOptions();
    options.list_page = 2;
    file_of_ = [server, prefix = options.prefix](absl::string_view key) {
      return server->FileOf(absl::StrCat(prefix, key));
    };
    store_ = *OpenS3(options, observe::NullTelemetry());
  }
  void TearDown() override {
    store_.reset();
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  absl::StatusOr<Blob> Commit(absl::StatusOr<std::unique_ptr<Writer>> writer,
                              absl::string_view content) {
    EXPECT_OK(writer);
    EXPECT_OK((*writer)->Append(content));
    return (*writer)->Commit();
  }

  Blob Put(absl::string_view content) {
    const auto blob = Commit(store_->Create(10'000'000), content);
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
      if (!bytes.ok() || bytes->empty()) break;
      EXPECT_LE(bytes->size(), piece);
      content += *bytes;
    }
    EXPECT_EQ((*reader)->size_bytes(), static_cast<int64_t>(content.size()));
    return content;
  }

  std::vector<std::string> Older(absl::Time before) {
    std::vector<std::string> keys;
    EXPECT_OK(store_->ForEachOlder(before, [&](absl::string_view key) {
      keys.emplace_back(key);
      return true;
    }));
    return keys;
  }

  fs::path folder_;
  std::function<fs::path(absl::string_view key)> file_of_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreTest, GivesBackWhatWasWritten) {
  auto writer = store_->Create(1000);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("a"));
  ASSERT_OK((*writer)->Append(""));
  ASSERT_OK((*writer)->Append("bc"));
  EXPECT_EQ((*writer)->size_bytes(), 3);
  auto blob = (*writer)->Commit();
  ASSERT_OK(blob);
  EXPECT_EQ(blob->sha256, kAbc);
  EXPECT_THAT(blob->key, StartsWith(std::string(kAbc)));
  EXPECT_LE(blob->key.size(), 80u);
  EXPECT_EQ(blob->size_bytes, 3);
  EXPECT_EQ(Get(blob->key), "abc");
  EXPECT_EQ(Get(blob->key, 100'000'000), "abc");
}

TEST_P(StoreTest, TakesEmptyAndBinaryFiles) {
  EXPECT_EQ(Get(Put("").key), "");
  const std::string binary("\0\xff\n\0<Error>", 11);
  EXPECT_EQ(Get(Put(binary).key), binary);
}

TEST_P(StoreTest, TakesLargeFiles) {
  std::string large;
  while (large.size() < (5 << 20)) absl::StrAppend(&large, large.size(), ",");
  large.append((1 << 20) - large.size() % (1 << 20), 'x');  // whole ranges
  EXPECT_EQ(Get(Put(large).key, 1 << 16), large);
  large += 'y';
  EXPECT_EQ(Get(Put(large).key, 1'000'000), large);
}

TEST_P(StoreTest, PatchesWhatWasAppended) {
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

TEST_P(StoreTest, RefusesWhatIsTooLargeAndForgetsIt) {
  auto writer = store_->Create(4);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("1234"));
  EXPECT_THAT((*writer)->Append("5"), HasReason("FILE_TOO_LARGE"));
  EXPECT_THAT((*writer)->Append(""), HasReason("FILE_TOO_LARGE"));
  EXPECT_THAT((*writer)->Commit(), HasReason("FILE_TOO_LARGE"));
  writer->reset();
  EXPECT_THAT(Older(absl::InfiniteFuture()), IsEmpty());
}

TEST_P(StoreTest, LeavesNothingOfWhatWasNotCommitted) {
  ASSERT_OK((*store_->Create(1000))->Append("abc"));
  EXPECT_THAT(Older(absl::InfiniteFuture()), IsEmpty());
}

TEST_P(StoreTest, FindsNothingByOtherKeys) {
  const Blob blob = Put("abc");
  for (const std::string& key :
       {std::string(), std::string("abc"), std::string("../../../etc/passwd"),
        std::string("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
        std::string(64, '0'), absl::StrCat(kAbc, "-/../../../../ab"),
        absl::StrCat(kAbc, "-0123456789abcde"), absl::StrCat(blob.key, "x")}) {
    EXPECT_THAT(store_->Open(key), HasReason("BLOB_NOT_FOUND")) << key;
  }
  EXPECT_THAT(store_->DeleteOlder("abc", absl::InfiniteFuture()), HasReason("BLOB_NOT_FOUND"));
  EXPECT_THAT(store_->CreateCopy("../abc", 10), HasReason("BLOB_NOT_FOUND"));
}

TEST_P(StoreTest, VisitsEachBlobOnce) {
  std::vector<std::string> keys;
  for (int i = 0; i < 5; ++i) keys.push_back(Put(absl::StrCat("file ", i)).key);
  EXPECT_THAT(Older(absl::InfiniteFuture()),
              UnorderedElementsAre(keys[0], keys[1], keys[2], keys[3], keys[4]));
}

TEST_P(StoreTest, DeletesOnlyWhatIsOld) {
  const Blob old = Put("old");
  const Blob fresh = Put("fresh");
  MakeOld(file_of_(old.key));
  const absl::Time yesterday = absl::Now() - absl::Hours(24);
  EXPECT_THAT(Older(yesterday), ElementsAre(old.key));
  EXPECT_THAT(store_->DeleteOlder(old.key, yesterday), testing::IsOkAndHolds(true));
  EXPECT_THAT(store_->DeleteOlder(old.key, yesterday), testing::IsOkAndHolds(true));
  EXPECT_THAT(store_->DeleteOlder(fresh.key, yesterday), testing::IsOkAndHolds(false));
  EXPECT_THAT(store_->Open(old.key), HasReason("BLOB_NOT_FOUND"));
  EXPECT_EQ(Get(fresh.key), "fresh");
}

TEST_P(StoreTest, KeepsContentThatWasCommittedAgain) {
  const Blob first = Put("abc");
  MakeOld(file_of_(first.key));
  const Blob second = Put("abc");
  ASSERT_OK(store_->DeleteOlder(first.key, absl::Now() - absl::Hours(24)));
  EXPECT_EQ(Get(second.key), "abc");
}

TEST_P(StoreTest, ReadsOnWhileItIsDeleted) {
  const Blob blob = Put("abc");
  auto reader = store_->Open(blob.key);
  ASSERT_OK(reader);
  EXPECT_THAT(store_->DeleteOlder(blob.key, absl::InfiniteFuture()), testing::IsOkAndHolds(true));
  EXPECT_THAT((*reader)->Read(10), testing::IsOkAndHolds("abc"));
}

TEST_P(StoreTest, StopsListingWhenTold) {
  for (absl::string_view content : {"a", "b", "c"}) Put(content);
  int seen = 0;
  ASSERT_OK(store_->ForEachOlder(absl::InfiniteFuture(), [&](absl::string_view) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
}

TEST_P(StoreTest, CopiesKeepTheirKeys) {
  for (const std::string& key : {std::string(kAbc), absl::StrCat(kAbc, "-0123_56789Abcde")}) {
    const auto blob = Commit(store_->CreateCopy(key, 1000), "abc");
    ASSERT_OK(blob) << key;
    EXPECT_EQ(blob->key, key);
    EXPECT_EQ(Get(key), "abc");
  }
  EXPECT_THAT(Commit(store_->CreateCopy(kAbc, 1000), "abd"), HasReason("BLOB_DAMAGED"));
  EXPECT_EQ(Get(kAbc), "abc") << "is not replaced by a wrong copy";
}

TEST_P(StoreTest, TakesManyAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) EXPECT_EQ(Get(Put("the same").key), "the same");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Values("Folder", "S3"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace veche::blob
