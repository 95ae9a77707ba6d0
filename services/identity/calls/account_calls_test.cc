#include "services/identity/calls/account_calls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "services/identity/calls/convert.h"
#include "services/identity/testing/fixture.h"
#include "veche/identity/v1/events.pb.h"

namespace veche::identity {
namespace {

using rpc::testing::Admin;
using rpc::testing::MakeCall;
using rpc::testing::MakeCallWithKey;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Identity;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

constexpr char kPassword[] = "correct horse battery";

class AccountCallsTest : public ::testing::Test {
 protected:
  rpc::Call ResidentCall() {
    const auto response = identity_.SignIn(identity_.AskForCode("+79991234567"));
    EXPECT_OK(response);
    return MakeCall(
        rpc::testing::Resident(response->principal().name().substr(strlen("residents/"))));
  }
  absl::StatusOr<v1::Staff> Update(const v1::UpdateStaffRequest& request,
                                   const auth::Principal& admin = Admin("a")) {
    return identity_.accounts.UpdateStaff(MakeCall(admin), request);
  }

  Identity identity_;
};

TEST_F(AccountCallsTest, AResidentSeesAndChangesTheirOwnAccount) {
  const rpc::Call call = ResidentCall();
  v1::UpdateMeRequest request;
  request.set_display_name("Гүзәл");
  request.set_locale("tt");
  request.set_home_district("districts/vakhitovsky");
  ASSERT_OK(identity_.accounts.UpdateMe(call, request));
  const auto me = identity_.accounts.GetMe(call, {});
  ASSERT_OK(me);
  EXPECT_EQ(me->display_name(), "Гүзәл");
  EXPECT_EQ(me->locale(), "tt");
  EXPECT_EQ(me->home_district(), "districts/vakhitovsky");
  EXPECT_EQ(me->contacts(0).kind(), "PHONE");
  EXPECT_EQ(me->contacts(0).value(), "+79991234567");
  EXPECT_EQ(me->consents(0).purpose(), "personal_data");
  EXPECT_THAT(me->roles(), ElementsAre(options::v1::RESIDENT));

  v1::UpdateMeRequest forget;
  forget.set_home_district("");
  ASSERT_OK(identity_.accounts.UpdateMe(call, forget));
  EXPECT_EQ(identity_.accounts.GetMe(call, {})->display_name(), "Гүзәл");
  EXPECT_EQ(identity_.accounts.GetMe(call, {})->home_district(), "");
}

TEST_F(AccountCallsTest, BadProfilesChangeNothingAndNameEveryField) {
  const rpc::Call call = ResidentCall();
  v1::UpdateMeRequest request;
  request.set_display_name(std::string(100'000, 'x'));
  request.set_locale("xx");
  request.set_home_district("districts/../etc");
  const auto refused = identity_.accounts.UpdateMe(call, request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("displayName"), HasSubstr("locale"), HasSubstr("homeDistrict")));
  for (const std::string& name : {std::string("a\0b", 3), std::string("\xff\xfe")}) {
    v1::UpdateMeRequest bad;
    bad.set_display_name(name);
    EXPECT_THAT(identity_.accounts.UpdateMe(call, bad),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(identity_.accounts.GetMe(call, {})->display_name(), "");
}

TEST_F(AccountCallsTest, AnErasedAccountIsNotFound) {
  const rpc::Call call = MakeCall(rpc::testing::Resident("01hzzzzzzzzzzzzzzzzzzzzzzz"));
  EXPECT_THAT(identity_.accounts.GetMe(call, {}), HasReason("ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(identity_.accounts.UpdateMe(call, {}), HasReason("ACCOUNT_NOT_FOUND"));
}

TEST_F(AccountCallsTest, StaffSeeTheirOwnAccountToo) {
  const auto staff = identity_.CreateStaff("irina", kPassword, options::v1::OFFICER);
  ASSERT_OK(staff);
  const rpc::Call call =
      MakeCall(rpc::testing::Officer(StaffId(staff->name()), staff->department()));
  v1::UpdateMeRequest request;
  request.set_display_name("Ирина П.");
  ASSERT_OK(identity_.accounts.UpdateMe(call, request));
  const auto me = identity_.accounts.GetMe(call, {});
  ASSERT_OK(me);
  EXPECT_EQ(me->display_name(), "Ирина П.");
  EXPECT_EQ(me->department(), "departments/roads");
}

TEST_F(AccountCallsTest, CreatingStaffNamesEveryBadField) {
  v1::CreateStaffRequest request;
  request.set_login("Ирина");
  request.set_password("short");
  request.add_roles(options::v1::OFFICER);
  request.add_roles(options::v1::SERVICE);
  const auto refused = identity_.accounts.CreateStaff(MakeCall(Admin("a")), request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  // login, password, roles[1], department
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("login"), HasSubstr("password"), HasSubstr("roles"),
                    HasSubstr("department")));
}

TEST_F(AccountCallsTest, ALoginIsTakenOnce) {
  ASSERT_OK(identity_.CreateStaff("irina", kPassword));
  const auto taken = identity_.CreateStaff("irina", kPassword);
  EXPECT_THAT(taken, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(taken, HasReason("LOGIN_TAKEN"));
}

TEST_F(AccountCallsTest, ARepeatedCreationIsRememberedWithoutThePassword) {
  v1::CreateStaffRequest request;
  request.set_login("irina");
  request.set_password(kPassword);
  request.add_roles(options::v1::EDITOR);
  const auto created =
      identity_.accounts.CreateStaff(MakeCallWithKey(Admin("a"), "key", "print"), request);
  ASSERT_OK(created);
  rpc::Idempotency idempotency(*identity_.database, identity_.clock);
  const auto stored = idempotency.Find({.caller = "staff/a", .key = "key", .fingerprint = "print"});
  ASSERT_OK(stored);
  EXPECT_EQ(stored->value_or(""), created->SerializeAsString());
  EXPECT_EQ(stored->value_or("").find(kPassword), std::string::npos);
}

TEST_F(AccountCallsTest, ListsStaffInPages) {
  for (int i = 0; i < 5; ++i) {
    identity_.clock.Advance(absl::Seconds(1));
    ASSERT_OK(identity_.CreateStaff(absl::StrCat("staff", i), kPassword));
  }
  v1::ListStaffRequest request;
  request.set_page_size(2);
  std::vector<std::string> logins;
  do {
    const auto page = identity_.accounts.ListStaff(MakeCall(Admin("a")), request);
    ASSERT_OK(page);
    EXPECT_LE(page->staff_size(), 2);
    for (const v1::Staff& staff : page->staff()) logins.push_back(staff.login());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(logins, ElementsAre("staff4", "staff3", "staff2", "staff1", "staff0"));

  request.set_page_token("!!!");
  request.set_page_size(-1);
  EXPECT_EQ(identity_.accounts.ListStaff(MakeCall(Admin("a")), request).status().message(),
            "INVALID_FIELDS: pageSize NEGATIVE, pageToken PAGE_TOKEN");
}

TEST_F(AccountCallsTest, ANewPasswordEndsTheSessions) {
  const auto staff = identity_.CreateStaff("irina", kPassword);
  const auto session = identity_.SignIn("irina", kPassword);
  ASSERT_OK(session);
  v1::UpdateStaffRequest request;
  request.set_name(staff->name());
  request.set_password("another long password");
  ASSERT_OK(Update(request));
  EXPECT_THAT(identity_.Refresh(session->refresh_token()), HasReason("SESSION_ENDED"));
  EXPECT_THAT(identity_.SignIn("irina", kPassword), HasReason("LOGIN_FAILED"));
  EXPECT_OK(identity_.SignIn("irina", "another long password"));
}

TEST_F(AccountCallsTest, ADisabledAccountIsOut) {
  const auto staff = identity_.CreateStaff("irina", kPassword);
  const auto session = identity_.SignIn("irina", kPassword);
  v1::UpdateStaffRequest request;
  request.set_name(staff->name());
  request.set_disabled(true);
  ASSERT_OK(Update(request));
  EXPECT_THAT(identity_.Refresh(session->refresh_token()), HasReason("SESSION_ENDED"));
  EXPECT_THAT(identity_.SignIn("irina", kPassword), HasReason("LOGIN_FAILED"));
  request.set_disabled(false);
  ASSERT_OK(Update(request));
  EXPECT_OK(identity_.SignIn("irina", kPassword));
}

TEST_F(AccountCallsTest, RefreshedTokensHaveTheNewRoles) {
  const auto staff = identity_.CreateStaff("irina", kPassword);
  const auto session = identity_.SignIn("irina", kPassword);
  v1::UpdateStaffRequest request;
  request.set_name(staff->name());
  request.add_roles(options::v1::OFFICER);
  EXPECT_THAT(Update(request), StatusIs(absl::StatusCode::kInvalidArgument));  // no department
  request.set_department("departments/parks");
  ASSERT_OK(Update(request));
  const auto refreshed = identity_.Refresh(session->refresh_token());
  ASSERT_OK(refreshed);
  EXPECT_THAT(refreshed->principal().roles(), ElementsAre(options::v1::OFFICER));
  EXPECT_EQ(refreshed->principal().department(), "departments/parks");
}

TEST_F(AccountCallsTest, AdministratorsKeepTheirOwnAccount) {
  const auto staff = identity_.CreateStaff("boss", kPassword, options::v1::ADMIN);
  v1::UpdateStaffRequest request;
  request.set_name(staff->name());
  request.set_disabled(true);
  EXPECT_THAT(Update(request, Admin(StaffId(staff->name()))), HasReason("OWN_ACCOUNT"));
  request.set_name("staff/unknown");
  EXPECT_THAT(Update(request), HasReason("ACCOUNT_NOT_FOUND"));
}

TEST_F(AccountCallsTest, ResidentsOfDistrictsComeInPages) {
  const rpc::Call call = MakeCall(rpc::testing::Service("notifications"));
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    names.push_back(
        identity_.SignIn(identity_.AskForCode(absl::StrCat(i, "@a.ru")))->principal().name());
  }
  std::sort(names.begin(), names.end());
  v1::ListResidentsOfDistrictsRequest request;
  request.set_page_size(2);
  std::vector<std::string> listed;
  do {
    const auto page = identity_.accounts.ListResidentsOfDistricts(call, request);
    ASSERT_OK(page);
    EXPECT_LE(page->residents_size(), 2);
    listed.insert(listed.end(), page->residents().begin(), page->residents().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, names);
  request.set_page_token(names[3]);
  EXPECT_THAT(identity_.accounts.ListResidentsOfDistricts(call, request)->residents(),
              ElementsAre(names[4]));
  request.set_page_token("nonsense");
  request.set_page_size(-1);
  request.add_districts("Вахитовский");
  EXPECT_EQ(identity_.accounts.ListResidentsOfDistricts(call, request).status().message(),
            "INVALID_FIELDS: districts[0] NAME_FORM, pageSize NEGATIVE, pageToken PAGE_TOKEN");
}

TEST_F(AccountCallsTest, OnlyANewHomeDistrictIsAnEvent) {
  const auto session = identity_.SignIn(identity_.AskForCode("a@a.ru"));
  ASSERT_OK(session);
  const std::string& name = session->principal().name();
  const rpc::Call own = MakeCall(rpc::testing::Resident(ResidentId(name)));
  const auto move = [&](absl::string_view district) {
    v1::UpdateMeRequest request;
    request.set_display_name("Айгуль");
    request.set_home_district(std::string(district));
    return identity_.accounts.UpdateMe(own, request).status();
  };
  ASSERT_OK(move(""));
  ASSERT_OK(move("districts/a"));
  ASSERT_OK(move("districts/a"));
  EXPECT_FALSE(move("nonsense").ok());
  ASSERT_OK(move(""));
  const auto log = identity_.log.ReadAfter("", 10);
  ASSERT_OK(log);
  std::vector<std::string> districts;
  for (const events::Event& event : *log) {
    EXPECT_EQ(event.type, "veche.identity.home_district_changed");
    EXPECT_EQ(event.subject, name);
    v1::IdentityEvent data;
    ASSERT_TRUE(data.ParseFromString(event.data));
    EXPECT_EQ(data.resident(), name);
    districts.push_back(data.home_district());
  }
  EXPECT_THAT(districts, ElementsAre("districts/a", ""));
}

TEST_F(AccountCallsTest, HomeDistrictsAreOfResidentsWhoHaveOne) {
  const rpc::Call call = MakeCall(rpc::testing::Service("notifications"));
  v1::GetHomeDistrictsRequest request;
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    names.push_back(
        identity_.SignIn(identity_.AskForCode(absl::StrCat(i, "@a.ru")))->principal().name());
    request.add_residents(names.back());
  }
  request.add_residents("residents/nobody");
  v1::UpdateMeRequest move;
  move.set_home_district("districts/b");
  ASSERT_OK(
      identity_.accounts.UpdateMe(MakeCall(rpc::testing::Resident(ResidentId(names[1]))), move));
  const auto response = identity_.accounts.GetHomeDistricts(call, request);
  ASSERT_OK(response);
  ASSERT_EQ(response->homes_size(), 1);
  EXPECT_EQ(response->homes(0).resident(), names[1]);
  EXPECT_EQ(response->homes(0).district(), "districts/b");
  for (int i = 0; i < 500; ++i) request.add_residents(names[0]);
  EXPECT_EQ(identity_.accounts.GetHomeDistricts(call, request).status().message(),
            "INVALID_FIELDS: residents TOO_MANY");
}

}  // namespace
}  // namespace veche::identity
