#include "common/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
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

std::string Message(const Violations& violations) {
  return std::string(violations.ToStatus().message());
}

TEST(ViolationsTest, LeaveOutWhatFollowsFromAnEarlierFault) {
  Violations violations;
  violations.Add("location", "must be an object");
  violations.Add("location.latitude", "is required");
  violations.Add("items[1]", "must be an object");
  violations.Add("items[1].name", "is required");
  violations.Add("location", "is required");
  EXPECT_THAT(Message(violations), HasSubstr("2 fields"));
  violations.Add("items[10]", "is another");
  violations.Add("locations", "is another");
  violations.Add("items", "are too many");
  EXPECT_THAT(Message(violations), HasSubstr("5 fields"));
}

TEST(ViolationsTest, TravelAsBytes) {
  Violations first, second;
  first.Add("kind", "is not a known value");
  first.Add("text", "must be a string");
  second.Add("text", "is required");
  EXPECT_TRUE(second.AddSerialized(first.Serialize()));
  EXPECT_THAT(Message(second), HasSubstr("2 fields"));
  EXPECT_FALSE(second.AddSerialized("\xff"));
  EXPECT_TRUE(second.AddSerialized(""));
}

}  // namespace
}  // namespace veche
