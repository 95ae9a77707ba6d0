#include "services/identity/domain/account.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::identity {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(AccountTest, LoginsAreShortAndPlain) {
  for (const char* login : {"abc", "i.petrov", "officer-roads_2"}) {
    EXPECT_EQ(LoginProblem(login), Text()) << login;
  }
  for (const std::string& login : {std::string("ab"), std::string(65, 'a'), std::string("Ivan"),
                                   std::string("иван"), std::string("a b c"), std::string()}) {
    EXPECT_NE(LoginProblem(login), Text()) << login;
  }
}

TEST(AccountTest, PasswordsAreCountedInCharacters) {
  EXPECT_EQ(PasswordProblem("двенадцать ё"), Text());
  EXPECT_NE(PasswordProblem("одиннадцать"), Text());
  EXPECT_NE(PasswordProblem(std::string(257, 'x')), Text());
  EXPECT_NE(PasswordProblem("ill-formed \xff\xff\xff"), Text());
}

TEST(AccountTest, OfficersNeedADepartment) {
  Violations violations;
  CheckStaff({.login = "abc", .roles = {options::v1::OFFICER}}, violations);
  EXPECT_THAT(violations.ToStatus().message(), HasSubstr("department"));

  Violations none;
  CheckStaff({.login = "abc", .roles = {options::v1::OFFICER}, .department = "departments/roads"},
             none);
  EXPECT_OK(none.ToStatus());
}

TEST(AccountTest, EveryBadFieldIsNamedAtOnce) {
  Violations violations;
  CheckStaff({.profile = {.display_name = std::string(101, 'x'),
                          .locale = "de",
                          .home_district = "elsewhere"},
              .roles = {options::v1::RESIDENT},
              .department = "roads"},
             violations);
  EXPECT_THAT(std::string(violations.ToStatus().message()),
              AllOf(HasSubstr("displayName"), HasSubstr("locale"), HasSubstr("homeDistrict"),
                    HasSubstr("roles"), HasSubstr("department")));
}

TEST(AccountTest, NamesAreOneLine) {
  Violations violations;
  CheckProfile({.display_name = "Иван\nПетров"}, violations);
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace veche::identity
