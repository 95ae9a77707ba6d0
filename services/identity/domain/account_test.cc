#include "services/identity/domain/account.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::identity {
namespace {

using ::testing::HasSubstr;

TEST(AccountTest, LoginsAreShortAndPlain) {
  for (const char* login : {"abc", "i.petrov", "officer-roads_2"}) {
    EXPECT_EQ(LoginProblem(login), "") << login;
  }
  for (const std::string& login : {std::string("ab"), std::string(65, 'a'), std::string("Ivan"),
                                   std::string("иван"), std::string("a b c"), std::string()}) {
    EXPECT_NE(LoginProblem(login), "") << login;
  }
}

TEST(AccountTest, PasswordsAreCountedInCharacters) {
  EXPECT_EQ(PasswordProblem("двенадцать ё"), "");
  EXPECT_NE(PasswordProblem("одиннадцать"), "");
  EXPECT_NE(PasswordProblem(std::string(257, 'x')), "");
  EXPECT_NE(PasswordProblem("ill-formed \xff\xff\xff"), "");
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
  EXPECT_THAT(violations.ToStatus().message(), HasSubstr("5 fields"));
}

TEST(AccountTest, NamesAreOneLine) {
  Violations violations;
  CheckProfile({.display_name = "Иван\nПетров"}, violations);
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace veche::identity
