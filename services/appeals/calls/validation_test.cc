#include "services/appeals/calls/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"

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

TEST(ValidationTest, APointHasBothCoordinates) {
  struct Case {
    const char* location;
    std::optional<geo::LatLng> point;
    const char* bad_field;
  };
  const Case cases[] = {
      {"", std::nullopt, ""},
      {"address: 'ул. Баумана, 12'", std::nullopt, ""},
      {"latitude: 55.7 longitude: 49.1", geo::LatLng{55.7, 49.1}, ""},
      {"latitude: 0 longitude: 0", geo::LatLng{0, 0}, ""},
      {"latitude: 0 longitude: 0 address: 'Null Island'", geo::LatLng{0, 0}, ""},
      {"latitude: 55.7", std::nullopt, "location.longitude"},
      {"longitude: 49.1 address: 'ул. Баумана, 12'", std::nullopt, "location.latitude"},
      {"latitude: 91 longitude: 49.1", std::nullopt, "location.latitude"},
      {"latitude: 55.7 longitude: nan", std::nullopt, "location.longitude"},
  };
  for (const Case& test : cases) {
    v1::Location location;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(test.location, &location));
    Violations violations;
    EXPECT_EQ(ReadLocation(true, location, violations), test.point) << test.location;
    if (*test.bad_field == '\0') {
      EXPECT_TRUE(violations.empty()) << test.location;
    } else {
      EXPECT_THAT(violations.Serialize(), HasSubstr(test.bad_field)) << test.location;
    }
  }
  Violations violations;
  EXPECT_EQ(ReadLocation(false, {}, violations), std::nullopt);
}

}  // namespace
}  // namespace veche::appeals
