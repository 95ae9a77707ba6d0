#include "services/copy_blobs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/blob/testing.h"
#include "common/testing/status_matchers.h"

namespace veche {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CopyBlobsTest : public ::testing::Test {
 protected:
  ~CopyBlobsTest() override { fs::remove_all(folder_); }

  int Run(std::vector<std::string> args) {
    out_.str("");
    err_.str("");
    return RunBlobs(std::move(args), out_, err_);
  }
  int Copy(const fs::path& from, const fs::path& to) {
    return Run({"copy", "--from", from, absl::StrCat("--to=", to.string())});
  }
  std::string Put(absl::string_view content) {
    auto store = blob::OpenFolder(folder_ / "attachments");
    EXPECT_OK(store);
    auto writer = (*store)->Create(100);
    EXPECT_OK((*writer)->Append(content));
    return (*writer)->Commit()->key;
  }

  const fs::path folder_ = blob::NewTestFolder();
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CopyBlobsTest, SaysHowToUseIt) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{},
                                               {"--help"},
                                               {"copy"},
                                               {"copy", "--help"},
                                               {"copy", "--from", "a"},
                                               {"copy", "--from", "a", "--to"},
                                               {"copy", "--from", "a", "--to", "b", "c"},
                                               {"move", "--from", "a", "--to", "b"}}) {
    EXPECT_EQ(Run(args), 2);
    EXPECT_THAT(err_.str(), HasSubstr("usage: veche blobs copy --from PLACE --to PLACE"));
  }
}

TEST_F(CopyBlobsTest, CopiesFoldersAndCanBeRepeated) {
  Put("one");
  Put("two");
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "appeals"), 0);
  EXPECT_EQ(out_.str(), "Copied 2 files, 0.0 MiB; 0 were there; 0 failed.\n");
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "appeals"), 0);
  EXPECT_EQ(out_.str(), "Copied 0 files, 0.0 MiB; 2 were there; 0 failed.\n");
  EXPECT_THAT(err_.str(), IsEmpty());
}

TEST_F(CopyBlobsTest, NamesWhatFails) {
  const std::string key = Put("one");
  std::ofstream(folder_ / "attachments" / key.substr(0, 2) / key) << "another";
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "appeals"), 1);
  EXPECT_EQ(err_.str(), absl::StrCat(key, ": not copied: BLOB_DAMAGED\n"));
  EXPECT_EQ(out_.str(), "Copied 0 files, 0.0 MiB; 0 were there; 1 failed.\n");
}

TEST_F(CopyBlobsTest, RefusesPlacesThatAreNotThere) {
  EXPECT_EQ(Copy(folder_ / "atachments", folder_ / "appeals"), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--from: there is no "));
  std::ofstream(folder_ / "appeals.json") << R"({"blobs": {"s3": {"url": "s3.example.org"}}})";
  fs::create_directory(folder_ / "attachments");
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "appeals.json"), 1);
  EXPECT_THAT(err_.str(), HasSubstr("blobs.s3.url: must begin with https://"));
  std::ofstream(folder_ / "identity.json") << R"({"services": ["identity"]})";
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "identity.json"), 1);
  EXPECT_THAT(err_.str(), HasSubstr("identity.json is not the config of appeals."));
}

TEST_F(CopyBlobsTest, CopiesToTheBucketOfAConfig) {
  const blob::S3TestServer* server = blob::S3TestServer::Get();
  if (server == nullptr) GTEST_SKIP() << "The npm packages of tests/s3 are not installed.";
  std::ofstream(folder_ / "s3") << "S3RVER\nS3RVER\n";
  std::ofstream(folder_ / "appeals.json")
      << R"({"dataDir": ")" << (folder_ / "data").string() << R"(", "blobs": {"s3": {"url": ")"
      << server->url() << R"(", "bucket": "veche", "credentialsFile": ")"
      << (folder_ / "s3").string() << R"("}}})";
  const std::string key = Put("one");
  EXPECT_EQ(Copy(folder_ / "attachments", folder_ / "appeals.json"), 0) << err_.str();
  EXPECT_TRUE(fs::exists(server->FileOf(absl::StrCat("appeals/", key))));
  EXPECT_EQ(Copy(folder_ / "appeals.json", folder_ / "back"), 0) << err_.str();
  EXPECT_EQ(out_.str(), "Copied 1 files, 0.0 MiB; 0 were there; 0 failed.\n");
  EXPECT_TRUE(fs::exists(folder_ / "back" / key.substr(0, 2) / key));
}

}  // namespace
}  // namespace veche
