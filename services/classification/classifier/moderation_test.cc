#include "services/classification/classifier/moderation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/testing/test_table.h"
#include "services/classification/training/labelled_data.h"

namespace veche::classification {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ModerationScores Judge(absl::string_view text) {
  const WordScan scan(text);
  const Tone tone = DefaultWording().Judge(scan).tone;
  return DefaultModerationRules().Judge(text, scan, &tone);
}

TEST(ModerationTest, TellsAbuseFromAnger) {
  const Table cases = testing::ReadTableHere("testdata/moderation.tsv", {"label", "text"});
  ASSERT_FALSE(cases.rows.empty());
  int found = 0, missed = 0, false_alarms = 0;
  std::string wrong;
  for (const TableRow& row : cases.rows) {
    const ModerationScores scores = Judge(row.cells[1]);
    const bool wanted = row.cells[0] != "-";
    const bool right = row.cells[0] == "spam" ? scores.spam >= kReviewFrom
                       : wanted               ? scores.toxicity >= kReviewFrom
                                              : !scores.NeedsReview();
    found += wanted && right;
    missed += wanted && !right;
    false_alarms += !wanted && !right;
    if (!right) absl::StrAppend(&wrong, row.cells[0], ": ", row.cells[1], "\n");
  }
  EXPECT_GE(found, 0.95 * (found + missed)) << wrong;
  EXPECT_GE(found, 0.95 * (found + false_alarms)) << wrong;
}

// Neither the rules nor the model of tone were made on the demo's appeals.
TEST(ModerationTest, FlagsHardlyAnyAppealOfTheDemo) {
  const auto texts = ReadLabelledData(testing::PathHere("../../demo/kazan/appeals.tsv"),
                                      {.topic = "category"}, DataUse::kEvaluation);
  ASSERT_OK(texts);
  size_t flagged = 0;
  for (const LabelledText& text : *texts) flagged += Judge(text.example.text).NeedsReview();
  EXPECT_GT(texts->size(), 200u);
  EXPECT_LT(200 * flagged, texts->size()) << flagged << " of " << texts->size();
}

TEST(ModerationTest, WordingAddsToTheRulesAndNeverTakesAway) {
  const std::string text = "Ответьте уже людям";
  const WordScan scan(text);
  const double before = DefaultModerationRules().Judge(text, scan).toxicity;
  const Tone rude = {.toxicity = 4, .spam = -8};
  const ModerationScores scores = DefaultModerationRules().Judge(text, scan, &rude);
  EXPECT_GT(scores.toxicity, kReviewFrom);
  EXPECT_THAT(scores.reasons, ::testing::ElementsAre("wording"));
  const Tone kind = {.toxicity = -8, .spam = -8};
  EXPECT_EQ(DefaultModerationRules().Judge(text, scan, &kind).toxicity, before);
}

TEST(ModerationTest, GivesItsReasons) {
  EXPECT_THAT(Judge("Я вас найду и убью").reasons, Contains("threat"));
  EXPECT_THAT(Judge("Казино, бонус за регистрацию http://a.example").reasons,
              ::testing::AllOf(Contains("gambling"), Contains("link")));
  EXPECT_THAT(Judge("Сосед кричит что убьёт жену").reasons, IsEmpty());
  EXPECT_THAT(Judge("Яма на дороге").reasons, IsEmpty());
}

TEST(ModerationTest, BearsAnyText) {
  for (const std::string& text :
       {std::string(), std::string("\xFF\xFE"), std::string(100'000, 'a'), std::string("🔥")}) {
    const ModerationScores scores = Judge(text);
    EXPECT_GE(scores.spam, 0);
    EXPECT_LE(scores.spam, 1);
  }
}

TEST(ModerationRulesTest, NameTheLineThatIsWrong) {
  const auto problem = [](absl::string_view row) {
    return std::string(
        ModerationRules::Parse(absl::StrCat("score\tweight\treason\tpattern\n", row, "\n"))
            .status()
            .message());
  };
  EXPECT_THAT(problem("spam\tmuch\tlink\tслово"), HasSubstr("line 2"));
  EXPECT_THAT(problem("beauty\t1\tlink\tслово"), HasSubstr("beauty"));
}

}  // namespace
}  // namespace veche::classification
