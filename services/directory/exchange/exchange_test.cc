#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/directory/exchange/csv.h"
#include "services/directory/exchange/hours_text.h"
#include "services/directory/exchange/organization_csv.h"
#include "services/directory/exchange/organization_geojson.h"

namespace veche::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// "field TEXT" of each violation.
std::vector<std::string> Problems(const Violations& violations) {
  google::rpc::BadRequest bad_request;
  EXPECT_TRUE(bad_request.ParseFromString(violations.Serialize()));
  std::vector<std::string> problems;
  for (const auto& violation : bad_request.field_violations()) {
    problems.push_back(violation.field());
  }
  return problems;
}

TEST(CsvTest, ReadsWhatRfc4180Says) {
  Violations violations;
  const auto rows = ParseCsv("a,b\r\n\"1, \"\"x\"\"\n2\",\r\n\r\n,c", violations);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b"));
  EXPECT_THAT(rows[1].cells, ElementsAre("1, \"x\"\n2", ""));
  EXPECT_THAT(rows[2].cells, ElementsAre("", "c"));
  EXPECT_EQ(rows[2].line, 5);
  EXPECT_TRUE(violations.empty());
}

TEST(CsvTest, TakesTheSeparatorOfTheFirstLine) {
  Violations violations;
  EXPECT_THAT(ParseCsv("a;b\n1,5;2", violations)[1].cells, ElementsAre("1,5", "2"));
  EXPECT_THAT(ParseCsv("a\tb\n1;5\t2", violations)[1].cells, ElementsAre("1;5", "2"));
}

TEST(CsvTest, NamesTheLineOfAWrongQuote) {
  for (const char* csv : {"a,b\n\"x,1\n", "a,b\n\"x\"y,1\n"}) {
    Violations violations;
    ParseCsv(csv, violations);
    EXPECT_THAT(Problems(violations), ElementsAre("lines[2]")) << csv;
  }
}

TEST(CsvTest, WritesWhatItReads) {
  const std::vector<std::string> cells = {"a", "", "b;c", "say \"x\"", "two\nlines", "1,5"};
  std::string csv;
  AppendCsvRow(std::vector<std::string>(cells.size(), "h"), csv);
  AppendCsvRow(cells, csv);
  Violations violations;
  EXPECT_EQ(ParseCsv(csv, violations)[1].cells, cells);
}

TEST(HoursTextTest, ReadsAndWritesTheNotation) {
  const std::pair<const char*, const char*> cases[] = {
      {"Mo-Fr 08:00-20:00; Sa 09:00-15:00", "Mo-Fr 08:00-20:00; Sa 09:00-15:00"},
      {"Mo-Fr 8:00-12:00,13:00-17:00", "Mo-Fr 08:00-12:00,13:00-17:00"},
      {"Mo,We,Fr 10:00-12:00", "Mo,We,Fr 10:00-12:00"},
      {"24/7", "24/7"},
      {"Fr-Su 20:00-02:00", "Fr-Su 20:00-02:00"},
      {"Mo-Su 09:00-18:00; Su off", "Mo-Sa 09:00-18:00"},
      {"09:00-18:00; PH off", "Mo-Su 09:00-18:00; PH off"},
      {"Mo 09:00-18:00; PH 10:00-14:00", "Mo 09:00-18:00; PH 10:00-14:00"},
      {"Mo 09:00-18:00; 2027 Jan 01-08 off", "Mo 09:00-18:00; 2027 Jan 01-2027 Jan 08 off"},
      {"Mo 09:00-18:00; 2027 Mar 08 10:00-12:00", "Mo 09:00-18:00; 2027 Mar 08 10:00-12:00"},
      {"Mo 09:00-18:00; \"по записи\"", "Mo 09:00-18:00; \"по записи\""},
      {"Пн–Пт 08:00–20:00, Сб 08:00–14:00", "Mo-Fr 08:00-20:00; Sa 08:00-14:00"},
      {"Пн–Пт 08:00–20:00, Сб–Вс 09:00–15:00", "Mo-Fr 08:00-20:00; Sa-Su 09:00-15:00"},
      {"ежедневно 09:00–21:00", "Mo-Su 09:00-21:00"},
      {"круглосуточно", "24/7"},
  };
  for (const auto& [text, written] : cases) {
    const auto hours = ParseHoursText(text);
    ASSERT_TRUE(hours) << text;
    EXPECT_EQ(FormatHoursText(*hours), written) << text;
    EXPECT_EQ(ParseHoursText(written), hours) << written;
  }
}

TEST(HoursTextTest, RefusesWhatItCannotHold) {
  for (const char* text :
       {"", "sometimes", "Mo-Fr", "Mo 25:00-26:00", "Mo 09:00", "Mo 09:00+", "Mo- 09:00-10:00",
        "2027 Feb 30 off", "Mo 09:00-10:00 Tu", "Mo 09:00-10:00; \"open", "sunrise-sunset"}) {
    EXPECT_FALSE(ParseHoursText(text)) << text;
  }
}

Organization MakeOrganization() {
  return {
      .id = "clinic-7",
      .title = "Поликлиника № 7, «на горе»",
      .titles = {{"tt", "7 нче поликлиника"}},
      .category = "clinics",
      .description = "Две строки\nи кавычки \"",
      .phones = {{.number = "+7 (843) 221-36-54", .purpose = "регистратура"}, {.number = "103"}},
      .emails = {{.address = "a@example.org"}},
      .website = "https://example.org/7",
      .socials = {"https://t.me/a", "https://vk.com/b"},
      .address = "ул. Чуйкова, 54",
      .location = geo::LatLng{.latitude = 55.8261234, .longitude = 49.1112345},
      .hours = ParseHoursText("Mo-Fr 08:00-20:00; PH off"),
      .districts = {"north", "south"},
      .department = "health",
      .attribution = "© somebody",
      .made_up_fields = {"hours", "phones"}};
}

TEST(OrganizationFileTest, BothFormsGiveBackWhatWasWritten) {
  const std::vector<Organization> organizations = {
      MakeOrganization(), {.id = "park", .title = "Парк", .category = "parks"}};
  Violations violations;
  const OrganizationFile csv =
      ReadOrganizationsCsv(WriteOrganizationsCsv(organizations), violations);
  const OrganizationFile json =
      ReadOrganizationsGeoJson(WriteOrganizationsGeoJson(organizations), violations);
  EXPECT_TRUE(violations.empty());
  for (const OrganizationFile* file : {&csv, &json}) {
    ASSERT_EQ(file->organizations.size(), 2u);
    for (size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(file->organizations[i].id, organizations[i].id);
      EXPECT_THAT(ChangedFields(organizations[i], file->organizations[i]), IsEmpty());
    }
  }
  EXPECT_THAT(csv.places, ElementsAre("lines[2]", "lines[4]"));
  EXPECT_THAT(json.places, ElementsAre("features[0]", "features[1]"));
}

TEST(OrganizationFileTest, NamesEveryBadCell) {
  Violations violations;
  const OrganizationFile file = ReadOrganizationsCsv(
      "title;category;latitude;longitude;hours\n"
      "A;parks;91;49,1;whenever\n"
      "B;parks;55,7;;24/7\n"
      "C;parks\n"
      "D;parks;55,7;49,1;24/7\n",
      violations);
  EXPECT_THAT(Problems(violations), UnorderedElementsAre("lines[2].latitude", "lines[2].hours",
                                                         "lines[3].longitude", "lines[4]"));
  ASSERT_EQ(file.organizations.size(), 3u);
  EXPECT_EQ(file.organizations[2].location, (geo::LatLng{.latitude = 55.7, .longitude = 49.1}));
}

TEST(OrganizationFileTest, NamesEveryBadColumn) {
  Violations violations;
  ReadOrganizationsCsv("title,colour,title_tt,title_xx,title\nA,,,,\n", violations);
  EXPECT_THAT(Problems(violations), UnorderedElementsAre("lines[1].colour", "lines[1].title_xx",
                                                         "lines[1].title", "lines[1].category"));
  Violations empty;
  ReadOrganizationsCsv("", empty);
  EXPECT_THAT(Problems(empty), ElementsAre("file"));
}

TEST(OrganizationFileTest, TheSameRowHasTheSameId) {
  constexpr char kCsv[] = "title,category,address\nA,parks,x\nA,parks,y\n";
  Violations violations;
  const OrganizationFile once = ReadOrganizationsCsv(kCsv, violations);
  const OrganizationFile again = ReadOrganizationsCsv(kCsv, violations);
  EXPECT_EQ(once.organizations[0].id, again.organizations[0].id);
  EXPECT_NE(once.organizations[0].id, once.organizations[1].id);
}

TEST(OrganizationFileTest, ReadsTagsOfOpenStreetMap) {
  Violations violations;
  const OrganizationFile file = ReadOrganizationsGeoJson(
      R"({"type": "FeatureCollection", "attribution": "© OpenStreetMap contributors", "features": [
        {"type": "Feature", "id": "way/42",
         "geometry": {"type": "Polygon", "coordinates": [[[49, 55], [49.2, 55], [49.2, 55.4], [49, 55]]]},
         "properties": {"name": "Больница", "name:tt": "Хастаханә", "amenity": "hospital",
           "contact:phone": "+7 843 1; +7 843 2", "opening_hours": "24/7", "addr:street": "ул. Мира",
           "addr:housenumber": 5, "contact:vk": "https://vk.com/h", "building": "yes"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": []},
         "properties": {"name": "Тень", "opening_hours": "dusk"}}]})",
      violations);
  EXPECT_THAT(Problems(violations), ElementsAre("features[1].geometry", "features[1].hours"));
  const Organization& hospital = file.organizations.at(0);
  EXPECT_EQ(hospital.id, "osm-way-42");
  EXPECT_EQ(hospital.category, "hospital");
  EXPECT_EQ(hospital.titles.at("tt"), "Хастаханә");
  EXPECT_EQ(hospital.phones.size(), 2u);
  EXPECT_EQ(hospital.address, "ул. Мира, 5");
  EXPECT_EQ(hospital.location, (geo::LatLng{.latitude = 55.2, .longitude = 49.1}));
  EXPECT_EQ(hospital.attribution, "© OpenStreetMap contributors");
  EXPECT_TRUE(hospital.hours->always_open);
}

TEST(OrganizationFileTest, RefusesOtherJson) {
  for (const auto& [json, field] :
       {std::pair{"{", "file"}, {"[]", "features"}, {"{}", "features"}}) {
    Violations violations;
    ReadOrganizationsGeoJson(json, violations);
    EXPECT_THAT(Problems(violations), ElementsAre(field)) << json;
  }
}

}  // namespace
}  // namespace veche::directory
