#include "common/base/error.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using testing::HasReason;
using testing::StatusIs;

TEST(ErrorTest, CarriesReasonAndMetadata) {
  absl::Status status = MakeError(absl::StatusCode::kNotFound, "appeals", "APPEAL_NOT_FOUND",
                                  "There is no such appeal.", {{"appeal", "appeals/1"}});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(status, HasReason("APPEAL_NOT_FOUND"));
  EXPECT_EQ(ErrorMetadataValue(status, "appeal"), "appeals/1");
  EXPECT_EQ(ErrorMetadataValue(status, "other"), "");
  EXPECT_EQ(ErrorReason(absl::NotFoundError("plain")), "");
}

TEST(ErrorTest, CarriesTheDelayBeforeATry) {
  absl::Status status = WithRetryAfter(absl::UnavailableError("later"), absl::Milliseconds(2500));
  EXPECT_EQ(RetryAfter(status), absl::Milliseconds(2500));
  EXPECT_EQ(RetryAfter(absl::UnavailableError("later")), absl::ZeroDuration());
}

TEST(ViolationsTest, NamesEveryField) {
  Violations violations;
  EXPECT_OK(violations.ToStatus());
  violations.Add("text", "is empty");
  violations.Add("location.latitude", "is outside -90..90");
  EXPECT_THAT(violations.ToStatus(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(violations.ToStatus(), HasReason("INVALID_FIELDS"));
}

}  // namespace
}  // namespace veche
