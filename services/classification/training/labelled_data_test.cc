#include "services/classification/training/labelled_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

std::string Problem(absl::string_view data, const std::string& column = "") {
  return std::string(ParseLabelledData(data, {.topic = column}).status().message());
}

TEST(LabelledDataTest, FindsColumnsByTheirNames) {
  const auto texts =
      ParseLabelledData("id\tu_topic\tdept_kind\ttext\r\n1\tmanholes\troads\tлюк открыт\r\n");
  ASSERT_OK(texts);
  ASSERT_EQ(texts->size(), 1u);
  EXPECT_EQ((*texts)[0].example.text, "люк открыт");
  EXPECT_EQ((*texts)[0].example.topic, "manholes");
  EXPECT_EQ((*texts)[0].example.department, "roads");
  EXPECT_OK(ParseLabelledData("topic\ttext\nheating\tхолодно\n"));
  EXPECT_OK(ParseLabelledData("label\ttext\nheating\tхолодно\n", {.topic = "label"}));
}

TEST(LabelledDataTest, FindsTheHeaderUnderEmptyLines) {
  const auto texts = ParseLabelledData("\xEF\xBB\xBF\r\n\ntopic\ttext\n\nheating\tхолодно\n");
  ASSERT_OK(texts);
  EXPECT_EQ((*texts)[0].example.topic, "heating");
  EXPECT_EQ((*texts)[0].where, "line 5");
}

TEST(LabelledDataTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(Problem(""), HasSubstr("header"));
  EXPECT_THAT(Problem("topic\ttext\n"), HasSubstr("no rows"));
  EXPECT_THAT(Problem("topic\tbody\nheating\tx\n"), HasSubstr("\"text\""));
  EXPECT_THAT(Problem("topic\ttext\nheating\tx\n", "label"), HasSubstr("\"label\""));
  EXPECT_THAT(Problem("topic\ttext\nheating\tx\n\nwind\tx\n"), HasSubstr("line 4: unknown topic"));
  EXPECT_THAT(Problem("topic\ttext\nheating\t  \n"), HasSubstr("line 2: the text is empty"));
  EXPECT_THAT(Problem("topic\ttext\nheating\n"), HasSubstr("line 2"));
  EXPECT_THAT(Problem("topic\ttext\nheating\t\xFF\n"), HasSubstr("line 2: is not valid UTF-8"));
}

TEST(LabelledDataTest, TakesTheLabelsThatAFileHas) {
  const auto texts = ParseLabelledData("u_group\tsource\ttext\nroads\tkazan\tяма\n");
  ASSERT_OK(texts);
  EXPECT_EQ((*texts)[0].example.topic, "");
  EXPECT_EQ((*texts)[0].example.group, "roads");
  EXPECT_THAT((*texts)[0].example.places, ::testing::ElementsAre("kazan"));
  EXPECT_THAT(Problem("text\nяма\n"), HasSubstr("no column with labels"));
  EXPECT_THAT(Problem("topic\tgroup\ttext\n\t\tяма\n"), HasSubstr("line 2: has no label"));
  EXPECT_THAT(Problem("group\ttext\nmars\tяма\n"), HasSubstr("line 2: unknown group \"mars\""));
  EXPECT_THAT(Problem("department\ttext\nЖЭК\tяма\n"),
              HasSubstr("line 2: a department of 3 characters"));
  EXPECT_THAT(Problem("topic\tgroup\ttext\nheating\troads\tx\n"),
              HasSubstr("line 2: the topic \"heating\" is of the group"));
}

// Columns that are mixed up put people's texts where labels belong; errors are logged.
TEST(LabelledDataTest, RepeatsNoTextInAnError) {
  const std::string problem = Problem("topic\ttext\nСосед Иванов шумит\theating\n");
  EXPECT_THAT(problem, HasSubstr("line 2: unknown topic of 18 characters"));
  EXPECT_THAT(problem, ::testing::Not(HasSubstr("Иванов")));
}

TEST(LabelledDataTest, ReadsWhereATextComesFrom) {
  const auto texts = ParseLabelledData(
      "topic\tsource\tdistrict\tlatitude\tlongitude\tchannel\ttext\n"
      "heating\tkazan\tdistricts/west\t55.795\t49.115\tweb\tнет тепла\n"
      "heating\t\twest\t\t49.115\t\tнет тепла\n"
      "heating\t\t\t91\t49.115\t\tнет тепла\n");
  ASSERT_OK(texts);
  EXPECT_THAT((*texts)[0].example.places,
              ::testing::ElementsAre("cell:5579:4911", "west", "kazan", "web"));
  EXPECT_THAT((*texts)[1].example.places, ::testing::ElementsAre("west"));
  EXPECT_THAT((*texts)[2].example.places, ::testing::IsEmpty());
}

TEST(LabelledDataTest, TakesAnyLabelToEvaluate) {
  const auto texts = ParseLabelledData("topic\ttext\nwind\tx\n\ty\n", {}, DataUse::kEvaluation);
  ASSERT_OK(texts);
  EXPECT_EQ((*texts)[0].example.topic, "wind");
}

TEST(LabelledDataTest, LearnsTheNamesThatACityGives) {
  const auto texts = ParseLabelledData(
      "topic\tu_topic\texecutor\tdept_kind\ttext\n"
      "Ямы\troad_surface\tДорожный комитет\troads\tа\n"
      "Ямы\troad_surface\tДорожный комитет\troads\tб\n");
  ASSERT_OK(texts);
  const std::vector<Example> names = NameExamples(*texts);
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0].text, "Ямы");
  EXPECT_EQ(names[0].topic, "road_surface");
  EXPECT_EQ(names[1].text, "Дорожный комитет");
  EXPECT_EQ(names[1].department, "roads");
}

TEST(LabelledDataTest, FindsTextsWithTwoTopics) {
  const auto texts = ParseLabelledData(
      "topic\ttext\nheating\tХолодно!\nroad_surface\tяма\nwater_supply\tхолодно\n"
      "heating\tхолодно\n",
      {}, DataUse::kTraining, "a.tsv");
  ASSERT_OK(texts);
  const std::vector<std::string> found = FindContradictions(*texts, 10);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0],
            "a.tsv: line 4: the same text as a.tsv: line 2, but the topic \"water_supply\" "
            "instead of \"heating\"");
  EXPECT_THAT(FindContradictions(*texts, 0)[0], HasSubstr("1 more"));
}

TEST(LabelledDataTest, NamesTheFile) {
  EXPECT_THAT(ReadLabelledData("/nowhere/a.tsv").status().ToString(), HasSubstr("a.tsv: cannot"));
}

}  // namespace
}  // namespace veche::classification
