#include "services/classification/classifier/danger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/testing/test_table.h"

namespace veche::classification {
namespace {

DangerDetector Default() { return {DefaultEmergencyRules(), DefaultWording()}; }

std::string Kind(absl::string_view text) {
  const auto emergency = Default().Find(text);
  return emergency ? emergency->kind : "";
}

struct Cases {
  const char* file;
  double recall, precision;  // at least
};

class DangerTableTest : public ::testing::TestWithParam<Cases> {};

TEST_P(DangerTableTest, TellsDangerFromTraps) {
  const Table cases = testing::ReadTableHere(GetParam().file, {"kind", "text"});
  ASSERT_GE(cases.rows.size(), 300u);
  double found = 0, missed = 0, false_alarms = 0, right_kind = 0;
  for (const TableRow& row : cases.rows) {
    const std::string kind = Kind(row.cells[1]);
    if (row.cells[0] == "-") {
      false_alarms += kind.empty() ? 0 : 1;
    } else {
      (kind.empty() ? missed : found) += 1;
      right_kind += kind == row.cells[0] ? 1 : 0;
    }
  }
  EXPECT_GE(right_kind / found, 0.85);
  EXPECT_GE(found / (found + missed), GetParam().recall);
  EXPECT_GE(found / (found + false_alarms), GetParam().precision);
}

// The last file is unknown to both rules and model: it shows what to expect of new texts.
INSTANTIATE_TEST_SUITE_P(All, DangerTableTest,
                         ::testing::Values(Cases{"testdata/emergencies.tsv", 0.98, 0.85},
                                           Cases{"testdata/emergencies_held_out.tsv", 0.98, 0.85},
                                           Cases{"testdata/emergencies_unseen.tsv", 0.94, 0.88}));

TEST(DangerTest, HearsWordingThatNoRuleKnows) {
  constexpr absl::string_view kText = "сижу на подоконнике, ноги уже снаружи, всем будет легче";
  EXPECT_FALSE(DefaultEmergencyRules().Find(kText).has_value());
  const auto emergency = Default().Find(kText);
  ASSERT_TRUE(emergency.has_value());
  EXPECT_EQ(emergency->kind, "suicide");
  EXPECT_FALSE(emergency->evidence.empty());
  EXPECT_TRUE(absl::StrContains(kText, emergency->evidence)) << emergency->evidence;
}

TEST(DangerTest, TheRulesSpeakFirst) {
  constexpr absl::string_view kText = "В подъезде сильно пахнет газом!";
  EXPECT_EQ(Default().Find(kText), DefaultEmergencyRules().Find(kText));
}

TEST(DangerTest, FindsItInTheMiddleOfALongComplaint) {
  std::string complaint;
  const absl::string_view dull = "Во дворе третий год обещают новые лавочки и покраску забора. ";
  for (int i = 0; i < 4; ++i) absl::StrAppend(&complaint, dull);
  EXPECT_EQ(Kind(complaint), "");
  complaint += "Помогите скорее, дедушка посинел, хрипит и не дышит, упал прямо на льду! ";
  for (int i = 0; i < 4; ++i) absl::StrAppend(&complaint, dull);
  EXPECT_EQ(Kind(complaint), "danger");
}

TEST(DangerTest, IsQuietAboutWhatIsOrdinary) {
  for (absl::string_view text :
       {"Не горит фонарь у третьего подъезда", "Спасибо пожарным, всё потушили ещё вчера",
        "Когда включат отопление?", "Please repaint the fence near the school", "я", "вода",
        "кот дома", "Прошу перерасчёт за газ", "Дякуємо за новий дитячий майданчик"}) {
    EXPECT_EQ(Kind(text), "") << text;
  }
}

TEST(DangerTest, StandsAnyText) {
  std::string shouts;
  for (int i = 0; i < 20'000; ++i) shouts += "ай ";
  for (const std::string& text : {std::string(), std::string("🔥🔥🔥"), std::string("\xFF\xFE"),
                                  std::string(100'000, 'a'), std::string(100'000, ' ')}) {
    EXPECT_EQ(Kind(text), "");
  }
  EXPECT_EQ(Kind(shouts), "");
}

TEST(DangerTest, QuotesANumberBelowZeroWhole) {
  const auto emergency =
      Default().Find("Замерзаем с грудным ребёнком, за окном -27, котельная встала");
  ASSERT_TRUE(emergency.has_value());
  EXPECT_EQ(emergency->kind, "cold");
  EXPECT_FALSE(absl::EndsWith(emergency->evidence, "-")) << emergency->evidence;
  EXPECT_FALSE(emergency->evidence.empty());
}

}  // namespace
}  // namespace veche::classification
