#include "common/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"

namespace veche {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Pair;
using testing::StatusIs;

TEST(ErrorTest, CarriesReasonAndMetadata) {
  absl::Status status = MakeError(absl::StatusCode::kNotFound, "appeals", "APPEAL_NOT_FOUND",
                                  {{"appeal", "appeals/1"}});
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

constexpr EmbeddedFile kTable = {"texts.tsv",
                                 "id\ten\tru\tuk\ttt\n"
                                 "CLOSED\tThe appeal is {state:S_}.\tОбращение {state:S_}.\t"
                                 "Звернення {state:S_}.\t{state:S_} мөрәҗәгать.\n"
                                 "S_OVER\tover\tзакрыто\tзакрито\tябылган\n"};

Texts MakeTexts() { return *Texts::Parse({CommonTexts(), absl::MakeSpan(&kTable, 1)}); }

TEST(LocalizeTest, TellsPeopleInTheirLanguageAndDevelopersInEnglish) {
  const absl::Status inside = MakeError(absl::StatusCode::kFailedPrecondition, "appeals", "NOT_NOW",
                                        {{"state", "OVER"}}, "CLOSED");
  EXPECT_EQ(inside.message(), "NOT_NOW");
  const absl::Status told = Localize(inside, MakeTexts(), "ru");
  EXPECT_THAT(told, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(told, HasReason("NOT_NOW"));
  EXPECT_EQ(told.message(), "The appeal is over.");
  EXPECT_EQ(LocalizedMessage(told), "Обращение закрыто.");
  EXPECT_EQ(LocalizedIn(told), "ru");
  EXPECT_EQ(ErrorMetadataValue(told, "state"), "OVER");
  EXPECT_EQ(Localize(told, MakeTexts(), "tt"), told) << "told already";
}

TEST(LocalizeTest, LeavesWhatNoTableHas) {
  const absl::Status operators =
      MakeOperatorError(absl::StatusCode::kInvalidArgument, "x", "CLOSED", "line 3");
  EXPECT_EQ(operators.message(), "line 3");
  EXPECT_THAT(operators, HasReason("CLOSED"));
  EXPECT_EQ(Localize(operators, MakeTexts(), "ru"), operators);
  const absl::Status plain = absl::CancelledError("left");
  EXPECT_EQ(Localize(plain, MakeTexts(), "ru"), plain);
}

google::rpc::BadRequest BadRequestOf(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  EXPECT_TRUE(payload && bad.ParseFromString(std::string(*payload))) << status;
  return bad;
}

TEST(LocalizeTest, DescribesViolations) {
  Violations violations;
  violations.Add("title", {"TOO_LONG", {{"most", "5"}, {"has", "7"}}});
  const absl::Status one = Localize(violations.ToStatus(), MakeTexts(), "ru");
  EXPECT_EQ(one.message(), "The field title is not right: must be at most 5 characters, has 7.");
  EXPECT_THAT(LocalizedMessage(one), HasSubstr("title заполнено неверно: можно символов"));
  const auto violation = BadRequestOf(one).field_violations(0);
  EXPECT_EQ(violation.field(), "title");
  EXPECT_EQ(violation.reason(), "TOO_LONG");
  EXPECT_EQ(violation.description(), "можно символов: не больше 5, сейчас 7");
  EXPECT_TRUE(violation.arguments().empty());
  violations.Add("text", "REQUIRED");
  const absl::Status two = Localize(violations.ToStatus(), MakeTexts(), "uk");
  EXPECT_EQ(two.message(), "Correct these fields: title, text.");
  EXPECT_EQ(LocalizedMessage(two), "Виправте поля: title, text.");
}

TEST(ViolationsTest, NamesEveryField) {
  Violations violations;
  EXPECT_OK(violations.ToStatus());
  violations.Add("text", "REQUIRED");
  violations.Add("location.latitude", "LATITUDE");
  EXPECT_THAT(violations.ToStatus(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(violations.ToStatus(), HasReason("INVALID_FIELDS"));
}

std::string Message(const Violations& violations) {
  return std::string(violations.ToStatus().message());
}

TEST(ViolationsTest, LeaveOutWhatFollowsFromAnEarlierFault) {
  Violations violations;
  violations.Add("location", "NOT_OBJECT");
  violations.Add("location.latitude", "REQUIRED");
  violations.Add("items[1]", "NOT_OBJECT");
  violations.Add("items[1].name", "REQUIRED");
  violations.Add("location", "REQUIRED");
  EXPECT_EQ(Message(violations), "INVALID_FIELDS: location NOT_OBJECT, items[1] NOT_OBJECT");
  violations.Add("items[10]", "REPEATED");
  violations.Add("locations", "REPEATED");
  violations.Add("items", "TOO_MANY");
  EXPECT_THAT(Message(violations),
              HasSubstr("items[10] REPEATED, locations REPEATED, items TOO_MANY"));
}

TEST(ViolationsTest, TravelAsBytes) {
  Violations first, second;
  first.Add("kind", {"ONE_OF", {{"other", "sort"}}});
  first.Add("text", "NOT_STRING");
  second.Add("text", "REQUIRED");
  EXPECT_TRUE(second.AddSerialized(first.Serialize()));
  EXPECT_EQ(Message(second), "INVALID_FIELDS: text REQUIRED, kind ONE_OF");
  EXPECT_THAT(BadRequestOf(second.ToStatus()).field_violations(1).arguments(),
              ElementsAre(Pair("other", "sort")));
  EXPECT_FALSE(second.AddSerialized("\xff"));
  EXPECT_TRUE(second.AddSerialized(""));
  // An older gateway writes the descriptions itself.
  google::rpc::BadRequest old;
  old.add_field_violations()->set_field("size");
  old.mutable_field_violations(0)->set_description("must be a number");
  EXPECT_TRUE(second.AddSerialized(old.SerializeAsString()));
  const absl::Status told = Localize(second.ToStatus(), MakeTexts(), "en");
  EXPECT_EQ(BadRequestOf(told).field_violations(2).description(), "must be a number");
}

}  // namespace
}  // namespace veche
