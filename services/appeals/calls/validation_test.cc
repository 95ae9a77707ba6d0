#include "services/appeals/calls/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace veche::appeals {
namespace {

using ::testing::HasSubstr;

TEST(ValidationTest, TakesContactsAsSignInDoes) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"  ", ""},
      {"+79991234567", "+79991234567"},
      {"89991234567", "+79991234567"},
      {"8 (999) 123-45-67", "+79991234567"},
      {"999.123.45.67", "+79991234567"},
      {"00380441234567", "+380441234567"},
      {" Ivan@Example.RU ", "Ivan@example.ru"},
  };
  for (const auto& [typed, value] : cases) {
    Violations violations;
    EXPECT_EQ(ReadContact(typed, violations), value);
    EXPECT_TRUE(violations.empty()) << typed;
  }
  for (const char* typed : {"call me", "112", "+7999123456", "ivan@localhost", "ivan@a..ru"}) {
    Violations violations;
    EXPECT_EQ(ReadContact(typed, violations), "");
    EXPECT_THAT(violations.Serialize(), HasSubstr("contact")) << typed;
  }
}

}  // namespace
}  // namespace veche::appeals
