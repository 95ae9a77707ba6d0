#include "common/auth/access.h"

#include "common/testing/status_matchers.h"
#include "veche/testing/v1/rpc_test.pb.h"

namespace veche::auth {
namespace {

using namespace options::v1;  // roles
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
  EXPECT_EQ(*AllowedRoles(Method("Probe", "Echo")), Roles({ANYONE}));
  EXPECT_EQ(*AllowedRoles(Method("Probe", "AskStaff")), Roles({OFFICER, SUPERVISOR}));
}

TEST(AccessTest, AMethodWithoutARuleIsAMistake) {
  EXPECT_THAT(AllowedRoles(Method("Unguarded", "Enter")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(AccessTest, EachRoleOpensItsDoorAndNoOther) {
  for (int held = Role_MIN + 1; held <= Role_MAX; ++held) {
    for (int asked = Role_MIN + 1; asked <= Role_MAX; ++asked) {
      const Principal principal{.name = "staff/a", .roles = {ANYONE, static_cast<Role>(held)}};
      const bool open = asked == held || asked == ANYONE;
      EXPECT_EQ(CheckAccess({static_cast<Role>(asked)}, principal).ok(), open)
          << Role_Name(held) << " at a door for " << Role_Name(asked);
    }
  }
}

TEST(AccessTest, AnyOfTheRolesIsEnough) {
  EXPECT_OK(CheckAccess({OFFICER, SUPERVISOR}, {.name = "staff/a", .roles = {SUPERVISOR, EDITOR}}));
}

TEST(AccessTest, TellsTheAnonymousToSignInAndOthersThatTheyMayNot) {
  EXPECT_OK(CheckAccess({ANYONE}, {}));
  EXPECT_THAT(CheckAccess({RESIDENT}, {}), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(CheckAccess({RESIDENT}, {}), HasReason("TOKEN_REQUIRED"));
  const absl::Status refused = CheckAccess({ADMIN}, {.name = "residents/a", .roles = {RESIDENT}});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(refused, HasReason("ROLE_REQUIRED"));
}

}  // namespace
}  // namespace veche::auth
