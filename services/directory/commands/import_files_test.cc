#include "services/directory/commands/import_files.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::directory {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;

TEST(ImportFilesTest, ReadsDepartments) {
  auto file = ReadDepartments(
      "\xEF\xBB\xBFid\ttitle_ru\ttitle_tt\tkind\tphones\r\n"
      "# a comment\r\n"
      "roads\tДороги\tЮллар\troads\t112, +7 843 1\r\n"
      "\r\n"
      "housing\tЖКХ\r\n",
      "ru");
  ASSERT_OK(file);
  ASSERT_EQ(file->request.departments_size(), 2);
  const v1::Department& roads = file->request.departments(0);
  EXPECT_EQ(roads.name(), "departments/roads");
  EXPECT_EQ(roads.title(), "Дороги");
  EXPECT_EQ(roads.titles().at("tt"), "Юллар");
  EXPECT_THAT(roads.phones(), ElementsAre("112", "+7 843 1"));
  EXPECT_EQ(file->request.departments(1).titles_size(), 1);
  EXPECT_THAT(file->places, ElementsAre("line 3", "line 5"));
}

TEST(ImportFilesTest, ReadsCategories) {
  auto file = ReadCategories(
      "id\ttitle\tgroup\tgroup_title\tdepartment\tresponse_hours\tlegal_profile\n"
      "pits\tЯмы\troads\tДороги\troads\t120\tru-59fz\n",
      "ru");
  ASSERT_OK(file);
  const v1::Category& pits = file->request.categories(0);
  EXPECT_EQ(pits.name(), "categories/pits");
  EXPECT_EQ(pits.title(), "Ямы");
  EXPECT_EQ(pits.department(), "departments/roads");
  EXPECT_EQ(pits.response_hours(), 120);
  EXPECT_EQ(pits.legal_profile(), "ru-59fz");
}

TEST(ImportFilesTest, ReadsOrganizationCategories) {
  auto file = ReadOrganizationCategories(
      "id\ttitle_ru\ttitle_en\tmap_layer\n"
      "taps\tКолонки\tTaps\ttrue\n"
      "banks\tБанки\tBanks\tfalse\n",
      "ru");
  ASSERT_OK(file);
  const v1::OrganizationCategory& taps = file->request.organization_categories(0);
  EXPECT_EQ(taps.name(), "organizationCategories/taps");
  EXPECT_EQ(taps.title(), "Колонки");
  EXPECT_EQ(taps.titles().at("en"), "Taps");
  EXPECT_TRUE(taps.map_layer());
  EXPECT_FALSE(file->request.organization_categories(1).map_layer());
}

TEST(ImportFilesTest, SaysWhatIsWrongWithATable) {
  EXPECT_THAT(ReadDepartments("", "ru"), HasReason("IMPORT_FILE_INVALID"));
  EXPECT_THAT(std::string(ReadDepartments("name\nx", "ru").status().message()),
              HasSubstr("no column id"));
  EXPECT_THAT(std::string(ReadDepartments("id\tid\n", "ru").status().message()),
              HasSubstr("column id appears twice"));
  EXPECT_THAT(std::string(ReadDepartments("id\nx\ty\n", "ru").status().message()),
              HasSubstr("Line 2 has more cells"));
  EXPECT_THAT(std::string(ReadCategories("id\n", "ru").status().message()),
              HasSubstr("group, group_title, department, response_hours"));
  EXPECT_THAT(std::string(ReadCategories("id\tgroup\tgroup_title\tdepartment\tresponse_hours\n"
                                         "a\tb\tc\td\tsoon\n",
                                         "ru")
                              .status()
                              .message()),
              HasSubstr("response_hours of line 2"));
}

TEST(ImportFilesTest, ReadsDistricts) {
  auto file = ReadDistricts(R"({"type": "FeatureCollection", "attribution": "© A", "features": [
      {"type": "Feature", "id": "kazan-north", "properties": {"city": "Kazan", "name_ru": "Север",
       "name_tt": "Төньяк", "area_km2": 5, "label_lat": 55.5, "label_lon": 49.5},
       "geometry": {"type": "Polygon", "coordinates": []}},
      {"type": "Feature", "properties": {"id": 7, "title": "Юг", "attribution": "© B"},
       "geometry": {"type": "Polygon", "coordinates": []}}]})",
                            "ru");
  ASSERT_OK(file);
  const v1::District& north = file->request.districts(0);
  EXPECT_EQ(north.name(), "districts/north");
  EXPECT_EQ(north.title(), "Север");
  EXPECT_EQ(north.titles().at("tt"), "Төньяк");
  EXPECT_EQ(north.area_km2(), 5);
  EXPECT_EQ(north.label().longitude(), 49.5);
  EXPECT_EQ(north.attribution(), "© A");
  const v1::District& south = file->request.districts(1);
  EXPECT_EQ(south.name(), "districts/7");
  EXPECT_EQ(south.title(), "Юг");
  EXPECT_FALSE(south.has_label());
  EXPECT_EQ(south.attribution(), "© B");
  EXPECT_THAT(file->places, ElementsAre("features[0]", "features[1]"));
}

TEST(ImportFilesTest, SaysWhatIsWrongWithGeoJson) {
  EXPECT_THAT(ReadDistricts("{", "ru"), HasReason("IMPORT_FILE_INVALID"));
  EXPECT_THAT(ReadDistricts(R"({"type": "Feature"})", "ru"), HasReason("IMPORT_FILE_INVALID"));
  for (absl::string_view feature : {"7", "{}", R"({"id": "a"})"}) {
    auto file = ReadDistricts(
        absl::StrCat(R"({"type": "FeatureCollection", "features": [)", feature, "]}"), "ru");
    EXPECT_THAT(file, HasReason("IMPORT_FILE_INVALID"));
    EXPECT_THAT(std::string(file.status().message()), HasSubstr("features[0]"));
  }
}

}  // namespace
}  // namespace veche::directory
