#include "common/auth/access.h"

#include "common/testing/status_matchers.h"
#include "veche/testing/v1/rpc_test.pb.h"

namespace veche::auth {
namespace {

using namespace options::v1;  // roles
using ::testing::ElementsAre;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

const google::protobuf::MethodDescriptor& Method(const std::string& service,
                                                 const std::string& method) {
  return *::veche::testing::v1::EchoRequest::descriptor()
              ->file()
              ->FindServiceByName(service)
              ->FindMethodByName(method);
}

TEST(AccessTest, ReadsTheRuleOfAMethod) {
  EXPECT_EQ(AccessRuleOf(Method("Probe", "Echo"))->roles, Roles({ANYONE}));
  EXPECT_EQ(AccessRuleOf(Method("Probe", "AskStaff"))->roles, Roles({OFFICER, SUPERVISOR}));
  const auto rule = AccessRuleOf(Method("Probe", "AskService"));
  EXPECT_EQ(rule->roles, Roles({SERVICE}));
  EXPECT_THAT(rule->services, ElementsAre("appeals", "followers"));
}

TEST(AccessTest, AMethodWithoutARuleIsAMistake) {
  EXPECT_THAT(AccessRuleOf(Method("Unguarded", "Enter")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(AccessTest, AServiceThatIsNotNamedIsAMistake) {
  EXPECT_THAT(AccessRuleOf(Method("Unnamed", "Knock")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

Principal ServiceNamed(const std::string& name) {
  return {.name = "services/" + name, .roles = {ANYONE, SERVICE}};
}

TEST(AccessTest, AdmitsOnlyTheServicesThatTheRuleNames) {
  const AccessRule rule = {.roles = {SERVICE, ADMIN}, .services = {"appeals"}};
  EXPECT_OK(CheckAccess(rule, ServiceNamed("appeals")));
  EXPECT_OK(CheckAccess(rule, {.name = "staff/a", .roles = {ANYONE, ADMIN}}));
  const absl::Status refused = CheckAccess(rule, ServiceNamed("notifications"));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(refused, HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(CheckAccess(rule, {.name = "staff/appeals", .roles = {ANYONE, SERVICE}}),
              HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_OK(CheckAccess({.roles = {ANYONE}}, ServiceNamed("notifications")));
}

TEST(AccessTest, EachRoleOpensItsDoorAndNoOther) {
  for (int held = Role_MIN + 1; held <= Role_MAX; ++held) {
    for (int asked = Role_MIN + 1; asked <= Role_MAX; ++asked) {
      if (held == SERVICE || asked == SERVICE) continue;  // who must be named as well
      const Principal principal{.name = "staff/a", .roles = {ANYONE, static_cast<Role>(held)}};
      const bool open = asked == held || asked == ANYONE;
      EXPECT_EQ(CheckAccess({.roles = {static_cast<Role>(asked)}}, principal).ok(), open)
          << Role_Name(held) << " at a door for " << Role_Name(asked);
    }
  }
}

TEST(AccessTest, AnyOfTheRolesIsEnough) {
  EXPECT_OK(CheckAccess({.roles = {OFFICER, SUPERVISOR}},
                        {.name = "staff/a", .roles = {SUPERVISOR, EDITOR}}));
}

TEST(AccessTest, TellsTheAnonymousToSignInAndOthersThatTheyMayNot) {
  EXPECT_OK(CheckAccess({.roles = {ANYONE}}, {}));
  EXPECT_THAT(CheckAccess({.roles = {RESIDENT}}, {}), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(CheckAccess({.roles = {RESIDENT}}, {}), HasReason("TOKEN_REQUIRED"));
  const absl::Status refused =
      CheckAccess({.roles = {ADMIN}}, {.name = "residents/a", .roles = {RESIDENT}});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(refused, HasReason("ROLE_REQUIRED"));
}

}  // namespace
}  // namespace veche::auth
