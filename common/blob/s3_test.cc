// What the bucket promises besides store_test.cc, and how it bears a bad server.

#include "common/blob/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "common/blob/scripted_server.h"
#include "common/blob/testing.h"
#include "common/observe/metrics.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr absl::string_view kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kSecret[] = "wJalrXUtnFEMI";

class Lines final : public observe::Logger {
 public:
  void Log(observe::Level, absl::string_view event, observe::LogFields fields) override {
    std::string line(event);
    for (const auto& [name, value] : fields) absl::StrAppend(&line, " ", name, "=", value);
    absl::MutexLock lock(&mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> Get() {
    absl::MutexLock lock(&mutex_);
    return lines_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

std::string Error(int status, absl::string_view code) {
  return Http(status, absl::StrCat("<Error><Code>", code, "</Code></Error>"));
}

class BadServerTest : public ::testing::Test {
 protected:
  ~BadServerTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Open() {
    auto store = OpenS3(options_, telemetry_);
    ASSERT_OK(store);
    store_ = *std::move(store);
  }
  absl::StatusOr<Blob> Put(absl::string_view content) {
    auto writer = store_->Create(1000);
    EXPECT_OK(writer);
    EXPECT_OK((*writer)->Append(content));
    return (*writer)->Commit();
  }
  bool Reachable() {
    return absl::StrContains(observe::RenderMetrics(*telemetry_.metrics),
                             "veche_blob_store_reachable 1");
  }

  ScriptedServer server_;
  const std::filesystem::path folder_ = NewTestFolder();
  const std::shared_ptr<Lines> log_ = std::make_shared<Lines>();
  observe::Telemetry telemetry_{log_, std::make_shared<prometheus::Registry>()};
  S3Options options_{.url = server_.url(),
                     .bucket = "veche",
                     .prefix = "appeals/",
                     .key_id = "AKIDEXAMPLE",
                     .secret = kSecret,
                     .encryption = "aws:kms",
                     .spool = folder_ / "uploads",
                     .tries = 3,
                     .first_pause = absl::Milliseconds(1),
                     .rest = absl::ZeroDuration()};
  std::unique_ptr<Store> store_;
};

TEST_F(BadServerTest, RepeatsWhatFails) {
  Open();
  server_.Answer({Error(503, "SlowDown"), Error(400, "XAmzContentSHA256Mismatch"), Http(200)});
  EXPECT_OK(Put("abc"));
  ASSERT_THAT(server_.Requests(), SizeIs(3));
  for (const std::string& request : server_.Requests()) {
    EXPECT_THAT(request, StartsWith(absl::StrCat("PUT /veche/appeals/", kAbc, "-")));
    EXPECT_THAT(request, HasSubstr("x-amz-server-side-encryption: aws:kms\r\n"));
    EXPECT_THAT(request, HasSubstr(absl::StrCat("x-amz-content-sha256: ", kAbc, "\r\n")));
    EXPECT_THAT(request, HasSubstr("x-amz-server-side-encryption, Signature="));
  }
  EXPECT_THAT(log_->Get(), IsEmpty());
}

TEST_F(BadServerTest, ReadsWhatWasCutOffAgain) {
  Open();
  server_.Answer(
      {"HTTP/1.1 206 Partial\r\nContent-Length: 3\r\nContent-Range: bytes 0-2/3\r\n\r\na",
       Http(206, "abc", "Content-Range: bytes 0-2/3\r\n")});
  auto reader = store_->Open(kAbc);
  ASSERT_OK(reader);
  EXPECT_THAT((*reader)->Read(10), testing::IsOkAndHolds("abc"));
}

TEST_F(BadServerTest, GivesNoOtherContentThanWasStored) {
  Open();
  for (const std::string& answer :
       {Http(200, "abd"), Http(206, "abd", "Content-Range: bytes 0-2/3\r\n"),
        Http(206, "ab", "Content-Range: bytes 0-2/3\r\n"), Http(206, "abc"), Http(416),
        Http(200)}) {
    server_.Answer({answer});
    EXPECT_THAT(store_->Open(kAbc), HasReason("BLOB_DAMAGED")) << answer;
  }
  EXPECT_EQ(log_->Get()[0], absl::StrCat("file in the store is damaged key=", kAbc));
  EXPECT_TRUE(Reachable());
}

TEST_F(BadServerTest, WaitsForNoAnswerForLong) {
  options_.timeout = absl::Milliseconds(100);
  options_.tries = 2;
  options_.rest = absl::Hours(1);
  Open();
  server_.Answer({"", ""});
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(server_.Requests(), SizeIs(2));
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(store_->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(server_.Requests(), SizeIs(2)) << "while the store is away, it is left alone";
}

TEST_F(BadServerTest, FindsOutByOneCallWhetherTheStoreAnswersAgain) {
  options_.tries = 1;
  Open();
  server_.Answer({Http(500), ""});
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  std::thread slow([this] { EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE")); });
  server_.WaitForRequest();
  EXPECT_THAT(store_->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(server_.Requests(), SizeIs(2));
  server_.HangUp();
  slow.join();
  server_.Answer({Http(200)});
  EXPECT_OK(Put("abc"));
}

TEST_F(BadServerTest, ASlowStoreHoldsNoMoreCallsThanAllowed) {
  options_.tries = 1;
  options_.concurrency = 1;
  Open();
  server_.Answer({""});
  std::thread slow([this] { EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE")); });
  server_.WaitForRequest();
  EXPECT_THAT(store_->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_TRUE(Reachable()) << "Open must not have waited for the store";
  server_.HangUp();
  slow.join();
  server_.Answer({Http(200)});
  EXPECT_OK(Put("abc"));
}

TEST_F(BadServerTest, SaysOnceThatTheStoreIsAway) {
  options_.tries = 1;
  Open();
  EXPECT_TRUE(Reachable());
  server_.Answer({Error(403, "AccessDenied"), Error(500, "InternalError")});
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_FALSE(Reachable());
  server_.Answer({Http(200)});
  EXPECT_OK(Put("abc"));
  EXPECT_TRUE(Reachable());
  EXPECT_THAT(log_->Get(), ElementsAre("file store fails bucket=veche why=HTTP 403 AccessDenied",
                                       "file store answers again"));
}

TEST_F(BadServerTest, GoesOnAfterARefusal) {
  options_.rest = absl::Hours(1);
  Open();
  server_.Answer({Error(403, "AccessDenied"), Http(200)});
  EXPECT_THAT(store_->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_OK(Put("abc"));
}

TEST_F(BadServerTest, LogsNoSecretAndNoTextOfTheServer) {
  Open();
  server_.Answer({Error(403, absl::StrCat("Key \"", kSecret, "\""))});
  const auto refused = Put("abc");
  EXPECT_THAT(refused, HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(refused.status().ToString(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(log_->Get(), ElementsAre("file store fails bucket=veche why=HTTP 403 "));
  EXPECT_THAT(absl::StrJoin(server_.Requests(), ""), Not(HasSubstr(kSecret)));
}

TEST_F(BadServerTest, SaysThatTheStoreIsFull) {
  Open();
  server_.Answer({Http(507), Error(403, "QuotaExceeded")});
  EXPECT_THAT(Put("abc"), HasReason("DISK_FULL"));
  EXPECT_THAT(Put("abc"), HasReason("DISK_FULL"));
  EXPECT_THAT(server_.Requests(), SizeIs(2)) << "not repeated";
}

TEST_F(BadServerTest, TellsAMissingBucketFromAMissingFile) {
  Open();
  server_.Answer({Error(404, "NoSuchKey"), Error(404, "NoSuchBucket"), Http(404)});
  EXPECT_THAT(store_->Open(kAbc), HasReason("BLOB_NOT_FOUND"));
  EXPECT_THAT(store_->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
}

TEST_F(BadServerTest, OpensWhileNobodyAnswers) {
  options_.url = "http://127.0.0.1:1";
  Open();
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(log_->Get(), SizeIs(1));
}

TEST_F(BadServerTest, DoesNotReadTheSamePageForEver) {
  Open();
  const std::string page = Http(
      200, absl::StrCat("<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>appeals/",
                        kAbc, "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>",
                        "</Contents></ListBucketResult>"));
  server_.Answer({page, page});
  EXPECT_THAT(store_->ForEachOlder(absl::Now(), [](absl::string_view) { return true; }),
              HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(server_.Requests()[1], HasSubstr(absl::StrCat("&start-after=appeals%2F", kAbc, " ")));
}

class PartsTest : public BadServerTest {
 protected:
  PartsTest() {
    options_.part_bytes = 2;
    options_.tries = 2;
  }
  const std::string begun_ = Http(200, "<R><UploadId>a/b+</UploadId></R>");
  const std::string part_ = Http(200, "", "ETag: \"e\"\r\n");
};

TEST_F(PartsTest, EndsAnUploadThatFails) {
  Open();
  server_.Answer({begun_, part_, Http(500), Http(500), Http(204)});
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
  ASSERT_THAT(server_.Requests(), SizeIs(5));
  EXPECT_THAT(server_.Requests()[0], AllOf(HasSubstr("?uploads= "), HasSubstr("aws:kms")));
  EXPECT_THAT(server_.Requests()[1], HasSubstr("?partNumber=1&uploadId=a%2Fb%2B "));
  EXPECT_THAT(server_.Requests()[4],
              AllOf(StartsWith("DELETE "), HasSubstr("?uploadId=a%2Fb%2B ")));
}

TEST_F(PartsTest, CompletesAgainWhenTheAnswerIsAnErrorOrLost) {
  Open();
  server_.Answer({begun_, part_, part_, Http(200, "<Error><Code>InternalError</Code></Error>"),
                  Http(404, "<Error><Code>NoSuchUpload</Code></Error>"),
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"});
  EXPECT_OK(Put("abc"));
  EXPECT_THAT(server_.Requests()[3],
              HasSubstr("<Part><PartNumber>1</PartNumber><ETag>\"e\"</ETag></Part>"
                        "<Part><PartNumber>2</PartNumber><ETag>\"e\"</ETag></Part>"));
  EXPECT_THAT(server_.Requests()[5], StartsWith("HEAD "));

  server_.Answer({begun_, part_, part_, Http(404), Http(404), Http(204)});
  EXPECT_THAT(Put("abc"), HasReason("STORAGE_UNAVAILABLE"));
}

TEST(S3Test, SignsWhatTheServerVerifies) {
  const S3TestServer* server = S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  S3Options options = server->NewOptions();
  options.secret = "another";
  const auto lines = std::make_shared<Lines>();
  auto store = OpenS3(options, {lines, std::make_shared<prometheus::Registry>()});
  ASSERT_OK(store);
  EXPECT_THAT((*store)->Open(kAbc), HasReason("STORAGE_UNAVAILABLE"));
  EXPECT_THAT(lines->Get(),
              ElementsAre("file store fails bucket=veche why=HTTP 403 SignatureDoesNotMatch"));
}

TEST(S3Test, HoldsEqualContentUnderKeysOfTheirOwn) {
  const S3TestServer* server = S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  auto store = OpenS3(server->NewOptions(), observe::NullTelemetry());
  ASSERT_OK(store);
  std::vector<std::string> keys;
  for (int i = 0; i < 2; ++i) {
    auto writer = (*store)->Create(10);
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->Append("abc"));
    keys.push_back((*writer)->Commit()->key);
  }
  EXPECT_NE(keys[0], keys[1]);
}

TEST(S3Test, FindsDamageAtTheEndOfALargeFile) {
  const S3TestServer* server = S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  const S3Options options = server->NewOptions();
  auto store = OpenS3(options, observe::NullTelemetry());
  ASSERT_OK(store);
  auto writer = (*store)->Create(3 << 20);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append(std::string(2 << 20, 'x')));
  const auto blob = (*writer)->Commit();
  ASSERT_OK(blob);
  std::fstream file(server->FileOf(options.prefix + blob->key), std::ios::in | std::ios::out);
  file.seekp((2 << 20) - 1).put('y');
  file.close();

  auto reader = (*store)->Open(blob->key);
  ASSERT_OK(reader);
  EXPECT_OK((*reader)->Read(1 << 20));
  EXPECT_THAT((*reader)->Read(1 << 20), HasReason("BLOB_DAMAGED"));
}

TEST(S3Test, LeavesNoFileOfAnUpload) {
  const std::filesystem::path folder = NewTestFolder();
  auto store = OpenS3({.url = "http://127.0.0.1:1", .spool = folder}, observe::NullTelemetry());
  ASSERT_OK(store);
  auto writer = (*store)->Create(10);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("abc"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
  EXPECT_THAT((*store)->Create(10), HasReason("STORAGE_UNAVAILABLE"));
}

}  // namespace
}  // namespace veche::blob
