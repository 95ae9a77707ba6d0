#include "services/classification/classifier/reference.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "services/classification/testing/test_table.h"

namespace veche::classification {
namespace {

std::set<std::string> FirstColumn(absl::string_view file, absl::string_view column) {
  const Table table = testing::ReadTableHere(
      absl::StrCat("seed/", file), {column, "title_ru", "title_tt", "title_uk", "title_en"});
  std::set<std::string> names;
  for (const TableRow& row : table.rows) {
    EXPECT_TRUE(names.insert(row.cells[0]).second) << row.cells[0];
    for (const std::string& cell : row.cells) EXPECT_FALSE(cell.empty()) << file << " " << row.line;
  }
  return names;
}

TEST(ReferenceTest, TopicsFitGroupsAndDepartments) {
  const std::set<std::string> groups = FirstColumn("groups.tsv", "group");
  const std::set<std::string> kinds = FirstColumn("department_kinds.tsv", "department_kind");
  EXPECT_EQ(groups.size(), 17u);
  EXPECT_EQ(kinds.size(), 20u);
  ASSERT_EQ(Topics().size(), 59u);
  std::set<std::string> used;
  for (const Topic& topic : Topics()) {
    EXPECT_TRUE(groups.contains(topic.group)) << topic.id;
    EXPECT_TRUE(kinds.contains(topic.department_kind)) << topic.id;
    EXPECT_FALSE(topic.titles.russian.empty() || topic.titles.tatar.empty() ||
                 topic.titles.ukrainian.empty() || topic.titles.english.empty())
        << topic.id;
    EXPECT_EQ(FindTopic(topic.id), &topic);
    used.insert(topic.group);
  }
  EXPECT_EQ(used, groups);
  EXPECT_EQ(FindTopic("wind"), nullptr);
}

TEST(ReferenceTest, TitlesAreInTheLanguageAskedFor) {
  const Titles& titles = FindTopic("heating")->titles;
  EXPECT_EQ(titles.In(text::Language::kEnglish), "Heating");
  EXPECT_EQ(titles.In(text::Language::kUnknown), "Отопление");
}

}  // namespace
}  // namespace veche::classification
