#include "services/appeals/calls/upload_quota.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::appeals {
namespace {

using rpc::testing::Resident;
using ::veche::testing::HasReason;

TEST(UploadQuotaTest, CountsAllThatOneUploaderHasRunning) {
  UploadQuota quota({});
  UploadQuota::Share first(quota, "guests/a", 100);
  EXPECT_OK(first.Reserve(60));
  {
    UploadQuota::Share second(quota, "guests/a", 100);
    EXPECT_OK(second.Reserve(40));
    EXPECT_THAT(second.Reserve(1), HasReason("UPLOAD_QUOTA_EXCEEDED"));
    UploadQuota::Share stranger(quota, "guests/b", 100);
    EXPECT_OK(stranger.Reserve(100));
  }
  EXPECT_OK(first.Reserve(40));
  EXPECT_THAT(first.Reserve(1), HasReason("UPLOAD_QUOTA_EXCEEDED"));
}

TEST(UploadQuotaTest, KnowsGuestsByAddressAndAccountsByName) {
  UploadQuota quota({.per_account = 10, .per_guest = -1});
  EXPECT_EQ(quota.UploaderOf(Resident("ivan"), "10.0.0.1"), "residents/ivan");
  const std::string guest = quota.UploaderOf({}, "10.0.0.1");
  EXPECT_EQ(guest, quota.UploaderOf({}, "10.0.0.1"));
  EXPECT_NE(guest, quota.UploaderOf({}, "10.0.0.2"));
  EXPECT_EQ(guest.find("10.0.0"), std::string::npos);
  EXPECT_NE(guest, UploadQuota({}).UploaderOf({}, "10.0.0.1"));  // nobody else can make it
  EXPECT_EQ(quota.LimitOf(Resident("ivan")), 10);
  EXPECT_EQ(quota.LimitOf({}), std::numeric_limits<int64_t>::max());
}

}  // namespace
}  // namespace veche::appeals
