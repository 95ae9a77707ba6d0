#include "services/identity/calls/eligibility_calls.h"

#include <gtest/gtest.h>

#include "common/api/timestamp.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using veche::testing::HasReason;
using veche::testing::StatusIs;

constexpr char kStaff[] = "01hzzzzzzzzzzzzzzzzzzzzzzz";
constexpr char kContact[] = "aigul@example.ru";

class EligibilityCallsTest : public ::testing::Test {
 protected:
  EligibilityCallsTest() {
    resident_ = identity_.SignIn(identity_.AskForCode(kContact))->principal().name();
  }

  absl::StatusOr<v1::FindResidentResponse> Find(const std::string& contact) {
    v1::FindResidentRequest request;
    request.set_contact(contact);
    return identity_.eligibility.FindResident(call_, request);
  }
  absl::StatusOr<v1::Verification> Verify(const std::string& name, const std::string& birth_date,
                                          const std::string& kind = "PASSPORT",
                                          const std::string& district = "districts/a") {
    v1::VerifyResidentRequest request;
    request.set_name(name);
    request.set_birth_date(birth_date);
    request.set_document_kind(kind);
    request.set_district(district);
    return identity_.eligibility.VerifyResident(call_, request);
  }
  absl::StatusOr<v1::CheckEligibilityResponse> Check(int min_age) {
    v1::CheckEligibilityRequest request;
    request.set_resident(resident_);
    request.mutable_eligibility()->set_min_age(min_age);
    *request.mutable_time() = api::ToTimestamp(identity_.clock.Now());
    return identity_.eligibility.CheckEligibility(service_, request);
  }
  // "FIND name, VERIFY name": the recorded actions, oldest first.
  std::string Recorded() {
    std::string text;
    EXPECT_OK(identity_.database->Read([&](sql::Transaction& transaction) -> absl::Status {
      const auto rows =
          transaction.Query("SELECT action, resident, staff FROM staff_actions ORDER BY id");
      EXPECT_OK(rows);
      for (const sql::Row& row : *rows) {
        EXPECT_EQ(row.Text(2), kStaff);
        absl::StrAppend(&text, text.empty() ? "" : ", ", row.Text(0), " residents/", row.Text(1));
      }
      return absl::OkStatus();
    }));
    return text;
  }

  Identity identity_;
  std::string resident_;
  const rpc::Call call_ = MakeCall(rpc::testing::Supervisor(kStaff));
  const rpc::Call service_ = MakeCall(rpc::testing::Service("issuer"));
};

TEST_F(EligibilityCallsTest, StaffFindAndVerifyAndAreRecorded) {
  const auto found = Find(kContact);
  ASSERT_OK(found);
  EXPECT_EQ(found->name(), resident_);
  identity_.clock.Advance(absl::Milliseconds(1));
  const auto verification = Verify(resident_, "1990-02-28");
  ASSERT_OK(verification);
  EXPECT_EQ(verification->staff(), absl::StrCat("staff/", kStaff));
  EXPECT_EQ(verification->district(), "districts/a");
  identity_.clock.Advance(absl::Milliseconds(1));
  v1::UnverifyResidentRequest unverify;
  unverify.set_name(resident_);
  EXPECT_OK(identity_.eligibility.UnverifyResident(call_, unverify));
  identity_.clock.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Find("nobody@example.ru"), HasReason("RESIDENT_NOT_FOUND"));
  EXPECT_EQ(Recorded(), absl::StrCat("FIND ", resident_, ", VERIFY ", resident_, ", UNVERIFY ",
                                     resident_, ", FIND residents/"));
}

TEST_F(EligibilityCallsTest, WrongFieldsAreNamed) {
  const auto refused = Verify(resident_, "28.02.1990", "passport 92 04 123456", "Вахитовский");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string problem = veche::Localize(refused.status(), identity_.texts, "en").ToString();
  for (const char* field : {"birthDate", "documentKind", "district"}) {
    EXPECT_THAT(problem, ::testing::HasSubstr(field));
  }
  EXPECT_THAT(Find("nonsense"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Verify("residents/nobody", "1990-02-28"), HasReason("RESIDENT_NOT_FOUND"));
  EXPECT_EQ(Recorded(), "");
}

TEST_F(EligibilityCallsTest, TheAnswerHasReasonAndDistrict) {
  auto answer = Check(18);
  ASSERT_OK(answer);
  EXPECT_FALSE(answer->eligible());
  EXPECT_EQ(answer->reason(), v1::CheckEligibilityResponse::UNKNOWN_AGE);
  ASSERT_OK(Verify(resident_, "2020-01-01"));
  EXPECT_EQ(Check(18)->reason(), v1::CheckEligibilityResponse::TOO_YOUNG);
  ASSERT_OK(Verify(resident_, "1990-01-01"));
  answer = Check(18);
  EXPECT_TRUE(answer->eligible());
  EXPECT_EQ(answer->reason(), v1::CheckEligibilityResponse::REASON_UNSPECIFIED);
  EXPECT_EQ(answer->district(), "districts/a");
  EXPECT_THAT(Check(-1), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EligibilityCallsTest, CountsByDistrict) {
  ASSERT_OK(Verify(resident_, "1990-01-01"));
  ASSERT_OK(identity_.SignIn(identity_.AskForCode("other@example.ru")));
  v1::CountEligibleRequest request;
  *request.mutable_time() = api::ToTimestamp(identity_.clock.Now());
  const auto all = identity_.eligibility.CountEligible(service_, request);
  ASSERT_OK(all);
  EXPECT_EQ(all->count(), 2);
  ASSERT_EQ(all->districts_size(), 2);
  EXPECT_EQ(all->districts(0).district(), "");
  EXPECT_EQ(all->districts(1).district(), "districts/a");
  request.mutable_eligibility()->set_verified(true);
  EXPECT_EQ(identity_.eligibility.CountEligible(service_, request)->count(), 1);
}

}  // namespace
}  // namespace veche::identity
