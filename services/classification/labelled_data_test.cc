#include "services/classification/labelled_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

std::string Problem(absl::string_view data, absl::string_view column = "") {
  return std::string(ParseLabelledData(data, column).status().message());
}

TEST(LabelledDataTest, FindsColumnsByTheirNames) {
  const auto texts =
      ParseLabelledData("id\tu_topic\tdept_kind\ttext\r\n1\tmanholes\troads\tлюк открыт\r\n", "");
  ASSERT_OK(texts);
  ASSERT_EQ(texts->size(), 1u);
  EXPECT_EQ((*texts)[0].example.text, "люк открыт");
  EXPECT_EQ((*texts)[0].example.topic, "manholes");
  EXPECT_EQ((*texts)[0].department_kind, "roads");
  EXPECT_OK(ParseLabelledData("topic\ttext\nheating\tхолодно\n", ""));
  EXPECT_OK(ParseLabelledData("label\ttext\nheating\tхолодно\n", "label"));
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

TEST(LabelledDataTest, NamesTheFile) {
  EXPECT_THAT(ReadLabelledData("/nowhere/a.tsv", "").status().ToString(),
              HasSubstr("/nowhere/a.tsv"));
}

}  // namespace
}  // namespace veche::classification
