#include "common/api/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace veche::api {
namespace {

using ::testing::Eq;
using ::testing::Optional;

struct Case {
  std::string typed;
  std::string value;  // "" = neither a phone nor an address
};

TEST(ContactTest, PhonesHaveOneSpelling) {
  const Case cases[] = {
      {"+79991234567", "+79991234567"},
      {"89991234567", "+79991234567"},
      {"79991234567", "+79991234567"},
      {"9991234567", "+79991234567"},
      {"8 (999) 123-45-67", "+79991234567"},
      {" +7 999 123.45.67 ", "+79991234567"},
      {"+380 44 123 45 67", "+380441234567"},
      {"00380441234567", "+380441234567"},
      {"+14155550100", "+14155550100"},
      {"8432921234", ""},         // a city's number without its code: ambiguous
      {"+7999123456", ""},        // a digit short
      {"+799912345678", ""},      // a digit long
      {"+0123456789", ""},        // no country begins with 0
      {"+1234567", ""},           // too short for E.164
      {"+1234567890123456", ""},  // too long for E.164
      {"++79991234567", ""},
      {"+7999123456a", ""},
      {"", ""},
      {"112", ""},
      {"+", ""},
      {"٩٩٩١٢٣٤٥٦٧", ""},
      {std::string("+7999\0001234567", 13), ""},
      {std::string(100'000, '9'), ""},
  };
  for (const Case& test : cases) {
    const auto contact = ParseContact(test.typed);
    if (test.value.empty()) {
      EXPECT_FALSE(contact.has_value()) << test.typed.substr(0, 40);
    } else {
      EXPECT_THAT(contact, Optional(Eq(Contact{Contact::Kind::kPhone, test.value}))) << test.typed;
    }
  }
}

TEST(ContactTest, AddressesHaveLowerCaseDomains) {
  const Case cases[] = {
      {"ivan@example.ru", "ivan@example.ru"},
      {" Ivan.Petrov+city@Mail.EXAMPLE.Ru ", "Ivan.Petrov+city@mail.example.ru"},
      {"a@b.xn--p1ai", "a@b.xn--p1ai"},
      {"ivan@localhost", ""},
      {"ivan@127.0.0.1", ""},
      {"ivan@-a.ru", ""},
      {"ivan@a-.ru", ""},
      {"ivan@a..ru", ""},
      {".ivan@a.ru", ""},
      {"iv..an@a.ru", ""},
      {"iv an@a.ru", ""},
      {"ivan@a.ru\r\nBcc: b@c.ru", ""},
      {"@a.ru", ""},
      {"ivan@", ""},
      {"a@b@c.ru", ""},
      {absl::StrCat(std::string(65, 'a'), "@a.ru"), ""},
      {absl::StrCat("a@", std::string(64, 'a'), ".ru"), ""},
  };
  for (const Case& test : cases) {
    const auto contact = ParseContact(test.typed);
    if (test.value.empty()) {
      EXPECT_FALSE(contact.has_value()) << test.typed;
    } else {
      EXPECT_THAT(contact, Optional(Eq(Contact{Contact::Kind::kEmail, test.value}))) << test.typed;
    }
  }
}

}  // namespace
}  // namespace veche::api
