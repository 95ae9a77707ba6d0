#include "services/classification/wording/emergency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/testing/test_table.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

// The rules' results on sentences that are labelled with a kind of danger or none ("-").
struct Score {
  int found = 0, missed = 0, false_alarms = 0, wrong_kind = 0;
  std::string wrong;  // the sentences

  double Recall() const { return found / static_cast<double>(found + missed); }
  double Precision() const { return found / static_cast<double>(found + false_alarms); }
};

Score Judge(const Table& cases) {
  Score score;
  for (const TableRow& row : cases.rows) {
    const std::optional<Emergency> emergency = DefaultEmergencyRules().Find(row.cells[1]);
    const std::string kind = emergency ? emergency->kind : "-";
    if (row.cells[0] == "-") {
      score.false_alarms += kind != "-";
    } else {
      score.found += kind != "-";
      score.missed += kind == "-";
      score.wrong_kind += kind != "-" && kind != row.cells[0];
    }
    if (kind != row.cells[0]) absl::StrAppend(&score.wrong, kind, " for ", row.cells[1], "\n");
  }
  return score;
}

void ExpectGood(const Score& score) {
  EXPECT_GE(score.Recall(), 0.98) << score.wrong;
  EXPECT_GE(score.Precision(), 0.95) << score.wrong;
  EXPECT_LE(score.wrong_kind, 0.05 * score.found) << score.wrong;
}

TEST(EmergencyTest, TellsDangerFromTraps) {
  const Table cases = testing::ReadTableHere("testdata/emergencies.tsv", {"kind", "text"});
  EXPECT_GE(cases.rows.size(), 450u);
  ExpectGood(Judge(cases));
}

TEST(EmergencyTest, TellsThemApartInSentencesKeptFromTuning) {
  const Table cases = testing::ReadTableHere("testdata/emergencies_held_out.tsv", {"kind", "text"});
  EXPECT_GE(cases.rows.size(), 300u);
  ExpectGood(Judge(cases));
}

TEST(EmergencyTest, QuotesTheWordsThatTold) {
  EXPECT_EQ(DefaultEmergencyRules().Find("Во дворе чисто. В подъезде сильно Пахнет газом!"),
            (Emergency{"gas", "Пахнет газом"}));
}

TEST(EmergencyTest, AdvisesInTheLanguageOfTheText) {
  const EmergencyRules& rules = DefaultEmergencyRules();
  for (const std::string& kind : rules.Kinds()) {
    for (text::Language language : {text::Language::kRussian, text::Language::kUkrainian,
                                    text::Language::kTatar, text::Language::kEnglish}) {
      const absl::string_view advice = rules.Advice(kind, language);
      EXPECT_THAT(std::string(advice), HasSubstr("112")) << kind;
      EXPECT_TRUE(kind != "gas" || absl::StrContains(advice, "104")) << advice;
      EXPECT_EQ(text::GuessLanguage(advice), language) << advice;
    }
  }
  EXPECT_EQ(rules.Advice("gas", text::Language::kUnknown),
            rules.Advice("gas", text::Language::kRussian));
}

TEST(EmergencyTest, NamesTheGravestDanger) {
  const auto found =
      DefaultEmergencyRules().Find("Открытый люк у дома. Ещё пахнет газом в подъезде.");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kind, "gas");
}

TEST(EmergencyTest, StandsAnyText) {
  for (absl::string_view text : {"", "🔥", "\xFF\xFE", "пожар\xFF"}) {
    DefaultEmergencyRules().Find(text);
  }
  EXPECT_FALSE(DefaultEmergencyRules().Find(std::string(100'000, 'a')).has_value());
}

TEST(EmergencyRulesTest, NameTheLineThatIsWrong) {
  const std::string advice = "kind\tru\tuk\ttt\ten\ngas\tа\tб\tв\td\n";
  const auto problem = [&advice](absl::string_view rules) {
    return std::string(EmergencyRules::Parse(rules, advice).status().message());
  };
  EXPECT_THAT(problem("kind\teffect\tpattern\nwind\tmatch\tветер\n"), HasSubstr("line 2"));
  EXPECT_THAT(problem("kind\teffect\tpattern\ngas\tperhaps\tветер\n"), HasSubstr("perhaps"));
  EXPECT_THAT(problem("kind\teffect\n"), HasSubstr("pattern"));
}

TEST(EmergencyRulesTest, HearWhatIsThereAgainAfterItWasDealtWith) {
  const auto kind = [](absl::string_view text) {
    const auto emergency = DefaultEmergencyRules().Find(text);
    return emergency ? emergency->kind : "";
  };
  EXPECT_EQ(kind("Утром пахло газом, аварийка устранила утечку, а вечером снова пахнет газом"),
            "gas");
  EXPECT_EQ(kind("Запах газа устранили в понедельник, но в подъезде опять запах газа"), "gas");
  EXPECT_EQ(kind("The gas leak was fixed on Monday, but it smells of gas again"), "gas");
  EXPECT_EQ(kind("Пожар потушили днём, а сейчас снова горит подвал"), "fire");
  EXPECT_EQ(kind("Пожар потушили днём, спасибо пожарным"), "");
  EXPECT_EQ(kind("Утром пахло газом, но всё устранили, и запаха больше нет"), "");
  EXPECT_EQ(kind("Пожар в подвале потушили, снова просим закрыть подвал на замок"), "");
}

}  // namespace
}  // namespace veche::classification
