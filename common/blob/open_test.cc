#include "common/blob/open.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/blob/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::blob {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class OpenTest : public ::testing::Test {
 protected:
  ~OpenTest() override { fs::remove_all(folder_); }
  absl::StatusOr<std::unique_ptr<Store>> Open() {
    return blob::Open(config_, folder_ / "data", "appeals", "attachments",
                      observe::NullTelemetry());
  }

  const fs::path folder_ = NewTestFolder();
  config::v1::Blobs config_;
};

TEST_F(OpenTest, InTheDataFolderUnlessTold) {
  ASSERT_OK(Open());
  EXPECT_TRUE(fs::exists(folder_ / "data/attachments"));
}

TEST_F(OpenTest, InAFolderOfTheServiceInTheSharedOne) {
  config_.set_folder(folder_ / "shared");
  ASSERT_OK(Open());
  EXPECT_TRUE(fs::exists(folder_ / "shared/appeals"));
  EXPECT_FALSE(fs::exists(folder_ / "data"));
}

TEST_F(OpenTest, InABucketUnderAPrefixOfTheService) {
  const S3TestServer* server = S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  config_.mutable_s3()->set_url(server->url() + "/");
  config_.mutable_s3()->set_bucket("veche");
  config_.mutable_s3()->set_credentials_file(folder_ / "s3");
  std::ofstream(folder_ / "s3") << "S3RVER\nS3RVER\n";
  auto store = Open();
  ASSERT_OK(store);
  auto writer = (*store)->Create(10);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->Append("abc"));
  auto blob = (*writer)->Commit();
  ASSERT_OK(blob);
  EXPECT_TRUE(fs::exists(server->FileOf("appeals/" + blob->key)));
}

TEST_F(OpenTest, NamesCredentialsThatCannotBeRead) {
  config_.mutable_s3()->set_credentials_file(folder_ / "s3");
  EXPECT_THAT(Open().status().message(), HasSubstr("blobs.s3.credentialsFile"));
  std::ofstream(folder_ / "s3") << "secret without an id\n";
  EXPECT_THAT(Open().status().message(),
              AllOf(HasSubstr("two lines"), Not(HasSubstr("without an id"))));
}

TEST(S3FaultsTest, AddressesAreOfTlsOrOfThisMachine) {
  config::v1::S3 config;
  config.set_bucket("veche");
  config.set_credentials_file("/f");
  for (const char* url : {"https://s3.example.org", "https://10.0.0.1:9000/",
                          "http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"}) {
    config.set_url(url);
    EXPECT_THAT(S3Faults(config), IsEmpty()) << url;
  }
  for (const char* url : {"", "s3.example.org", "http://s3.example.org", "https://",
                          "http://localhost.example.org", "http://127.example.org",
                          "https://user:secret@s3.example.org", "https://s3.example.org/veche"}) {
    config.set_url(url);
    EXPECT_THAT(S3Faults(config), ::testing::SizeIs(1)) << url;
  }
}

}  // namespace
}  // namespace veche::blob
