#include "services/directory/wire/organization_wire.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "google/protobuf/util/json_util.h"
#include "services/directory/wire/hours_wire.h"

namespace veche::directory {
namespace {

using ::testing::HasSubstr;

template <typename Message>
Message FromJson(const char* json) {
  Message message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &message).ok());
  return message;
}

template <typename Message>
std::string ToJson(const Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

TEST(OrganizationWireTest, KeepsEveryFieldThatClientsSet) {
  const auto wire = FromJson<v1::Organization>(R"({
    "name": "organizations/library", "title": "Библиотека", "titles": {"tt": "Китапханә"},
    "category": "organizationCategories/culture", "description": "Книги",
    "descriptions": {"tt": "Китаплар"},
    "phones": [{"number": "112", "purpose": "Беда"}],
    "emails": [{"address": "a@example.org", "purpose": "Письма"}],
    "website": "https://example.org", "socials": ["https://vk.com/a"], "address": "Дом 1",
    "location": {"latitude": 55.8, "longitude": 49.1},
    "hours": {
      "periods": [{"days": ["MONDAY", "SUNDAY"], "open": "22:00", "close": "02:00"}],
      "exceptions": [{"date": "2026-12-31", "spans": [{"open": "09:00", "close": "12:00"}],
                      "comment": "Новый год"},
                     {"date": "2027-01-01", "endDate": "2027-01-08"}],
      "holidays": "SPECIAL", "holidaySpans": [{"open": "10:00", "close": "24:00"}],
      "note": "По записи"},
    "districts": ["districts/west"], "department": "departments/roads",
    "attribution": "© A", "madeUpFields": ["hours"]})");
  Violations violations;
  const Organization organization = FromWire(wire, "", violations);
  EXPECT_OK(violations.ToStatus());
  v1::Organization back = ToWire(organization);
  for (const char* set_by_server : {"create_time", "update_time", "confirm_time"}) {
    back.GetReflection()->ClearField(&back, back.GetDescriptor()->FindFieldByName(set_by_server));
  }
  EXPECT_EQ(ToJson(back), ToJson(wire));
}

TEST(OrganizationWireTest, KeepsEveryFieldOfAnEService) {
  const auto wire = FromJson<v1::EService>(R"({
    "name": "eServices/doctor", "title": "Запись", "titles": {"en": "Doctor"},
    "category": "organizationCategories/health", "description": "Время",
    "descriptions": {"en": "Time"}, "audience": "Все", "link": "https://example.org",
    "deepLink": "app://doctor", "documents": ["Полис"], "organization": "organizations/clinic"})");
  Violations violations;
  const EService service = FromWire(wire, "", violations);
  EXPECT_OK(violations.ToStatus());
  v1::EService back = ToWire(service);
  back.clear_create_time();
  back.clear_update_time();
  EXPECT_EQ(ToJson(back), ToJson(wire));
}

TEST(OrganizationWireTest, NamesWhatCannotBeRead) {
  struct Case {
    const char* json;
    const char* violation;
  };
  for (const Case& c : {
           Case{R"({"name": "library"})", "organizations[0].name NAME_FORM"},
           Case{R"({"category": "categories/x"})", "category NAME_FORM"},
           Case{R"({"districts": ["west"]})", "districts[0] NAME_FORM"},
           Case{R"({"location": {"latitude": 5}})", "location.longitude LONGITUDE_MISSING"},
           Case{R"({"hours": {"periods": [{"days": [1], "open": "9", "close": "18:00"}]}})",
                "hours.periods[0] HOURS_SPAN"},
           Case{R"({"hours": {"periods": [{"days": [1, 1], "open": "09:00", "close": "18:00"}]}})",
                "hours.periods[0].days[1] REPEATED"},
           Case{R"({"hours": {"periods": [{"days": [9], "open": "09:00", "close": "18:00"}]}})",
                "hours.periods[0].days[0] UNKNOWN_VALUE"},
           Case{R"({"hours": {"exceptions": [{"date": "2026-02-30"}]}})",
                "hours.exceptions[0].date HOURS_DATE"},
           Case{R"({"hours": {"exceptions": [{"date": "2026-02-01", "endDate": "soon"}]}})",
                "hours.exceptions[0].endDate HOURS_DATE"},
           Case{R"({"hours": {"exceptions": [{"date": "2026-02-01", "spans": [{"open": "x"}]}]}})",
                "hours.exceptions[0].spans[0] HOURS_SPAN"},
           Case{R"({"hours": {"holidays": 9}})", "hours.holidays UNKNOWN_VALUE"},
       }) {
    Violations violations;
    FromWire(FromJson<v1::Organization>(c.json), "organizations[0].", violations);
    EXPECT_THAT(std::string(violations.ToStatus().message()), HasSubstr(c.violation)) << c.json;
  }
}

}  // namespace
}  // namespace veche::directory
