#include "services/directory/domain/city.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/testing/status_matchers.h"

namespace veche::directory {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

City MakeUpdate() {
  City city;
  city.districts.push_back({.id = "north",
                            .title = "Север",
                            .titles = {{"tt", "Төньяк"}},
                            .area_km2 = 1,
                            .label = {55, 49},
                            .boundary = "{}",
                            .attribution = "© somebody"});
  city.departments.push_back({.id = "roads",
                              .title = "Дороги",
                              .titles = {},
                              .kind = "roads",
                              .phones = {"+7 843 000-00-00"}});
  city.categories.push_back({.id = "road_surface",
                             .title = "Ямы",
                             .titles = {},
                             .group = "roads",
                             .group_title = "Дороги",
                             .department = "roads",
                             .response_hours = 120,
                             .legal_profile = "ru-59fz"});
  return city;
}

std::string Complaint(const City& update) {
  Violations violations;
  CheckUpdate(update, {"housing"}, violations);
  return std::string(violations.ToStatus().message());
}

TEST(CityTest, AcceptsAGoodUpdate) {
  EXPECT_EQ(Complaint(MakeUpdate()), "");
  EXPECT_EQ(Complaint({}), "");
}

TEST(CityTest, KnowsIds) {
  for (absl::string_view good : {"a", "9", "novo-savinovsky", "road_surface"}) {
    EXPECT_TRUE(IsValidId(good)) << good;
  }
  for (absl::string_view bad : {"", "-a", "_a", "A", "a/b", "a b", "ямы"}) {
    EXPECT_FALSE(IsValidId(bad)) << bad;
  }
  EXPECT_TRUE(IsValidId(std::string(63, 'a')));
  EXPECT_FALSE(IsValidId(std::string(64, 'a')));
}

TEST(CityTest, NamesEachBadField) {
  struct Case {
    std::string field;
    std::function<void(City&)> spoil;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"districts[0].name", [](City& c) { c.districts[0].id = ""; }},
           {"districts[1].name", [](City& c) { c.districts.push_back(c.districts[0]); }},
           {"districts[0].title", [](City& c) { c.districts[0].title = "  "; }},
           {"districts[0].title", [](City& c) { c.districts[0].title = std::string(401, 'a'); }},
           {"districts[0].titles.tt", [](City& c) { c.districts[0].titles["tt"] = "a\nb"; }},
           {"districts[0].titles.T", [](City& c) { c.districts[0].titles["T"] = "a"; }},
           {"districts[0].label", [](City& c) { c.districts[0].label.latitude = 99; }},
           {"districts[0].areaKm2", [](City& c) { c.districts[0].area_km2 = -1; }},
           {"districts[0].attribution", [](City& c) { c.districts[0].attribution = "\x01"; }},
           {"departments[0].kind", [](City& c) { c.departments[0].kind = "No"; }},
           {"departments[0].phones", [](City& c) { c.departments[0].phones.resize(21, "1"); }},
           {"departments[0].phones[0]", [](City& c) { c.departments[0].phones[0] = "1\n2"; }},
           {"categories[0].group", [](City& c) { c.categories[0].group = ""; }},
           {"categories[0].groupTitle", [](City& c) { c.categories[0].group_title = ""; }},
           {"categories[0].department", [](City& c) { c.categories[0].department = "nobody"; }},
           {"categories[0].responseHours", [](City& c) { c.categories[0].response_hours = 0; }},
           {"categories[0].legalProfile", [](City& c) { c.categories[0].legal_profile = "x"; }},
       }) {
    City update = MakeUpdate();
    c.spoil(update);
    EXPECT_THAT(Complaint(update), HasSubstr(": " + c.field + " "));
  }
}

TEST(CityTest, TakesDepartmentsThatTheCityHas) {
  City update = MakeUpdate();
  update.departments.clear();
  EXPECT_THAT(Complaint(update), HasSubstr("categories[0].department"));
  update.categories[0].department = "housing";
  EXPECT_EQ(Complaint(update), "");
}

TEST(CityTest, NamesAllOfThemAtOnce) {
  City update = MakeUpdate();
  update.categories[0].department = "nobody";
  update.categories[0].response_hours = -1;
  update.districts[0].title = "";
  EXPECT_EQ(Complaint(update),
            "INVALID_FIELDS: districts[0].title MUST_NOT_BE_EMPTY, categories[0].department "
            "NO_SUCH_DEPARTMENT, categories[0].responseHours OUT_OF_RANGE");
}

}  // namespace
}  // namespace veche::directory
