#include "common/crypto/master_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "common/testing/status_matchers.h"

namespace veche::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

namespace fs = std::filesystem;

class MasterKeyTest : public ::testing::Test {
 protected:
  MasterKeyTest() {
    std::string pattern = ::testing::TempDir() + "/keysXXXXXX";
    folder_ = mkdtemp(pattern.data());
    file_ = folder_ / "service.key";
  }
  ~MasterKeyTest() override { fs::remove_all(folder_); }

  // What reading the key says when its file has these permissions.
  absl::Status ReadWith(fs::perms permissions) {
    fs::permissions(file_, permissions);
    return OpenMasterKey(file_, false).status();
  }

  fs::path folder_;
  fs::path file_;
};

TEST_F(MasterKeyTest, IsMadeOnceAndStays) {
  EXPECT_THAT(OpenMasterKey(file_, false), StatusIs(absl::StatusCode::kNotFound));
  const auto made = OpenMasterKey(file_, true);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->size(), 32u);
  EXPECT_EQ(*OpenMasterKey(file_, true), *made);
}

TEST_F(MasterKeyTest, OthersMayNotReadIt) {
  ASSERT_TRUE(OpenMasterKey(file_, true).ok());
  EXPECT_TRUE(ReadWith(fs::perms(0600)).ok());
  EXPECT_TRUE(ReadWith(fs::perms(0400)).ok());
  const absl::Status refused = ReadWith(fs::perms(0604));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("chmod 600"));
  EXPECT_FALSE(ReadWith(fs::perms(0620)).ok());
  EXPECT_FALSE(ReadWith(fs::perms(0644)).ok());
}

TEST_F(MasterKeyTest, AGroupMayReadAFileOfRoot) {
  ASSERT_TRUE(OpenMasterKey(file_, true).ok());
  const bool is_of_root = geteuid() == 0;
  EXPECT_EQ(ReadWith(fs::perms(0640)).ok(), is_of_root);
  EXPECT_EQ(ReadWith(fs::perms(0440)).ok(), is_of_root);
  EXPECT_FALSE(ReadWith(fs::perms(0660)).ok());
  if (is_of_root) {
    ASSERT_EQ(chown(file_.c_str(), 65532, 65532), 0);
    EXPECT_FALSE(ReadWith(fs::perms(0640)).ok());
  }
}

}  // namespace
}  // namespace veche::crypto
