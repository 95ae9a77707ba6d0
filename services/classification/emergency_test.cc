#include "services/classification/emergency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/classification/reference.h"
#include "services/classification/tsv.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

Table Cases() {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  std::ifstream file(absl::StrCat(source == nullptr ? "." : source,
                                  "/services/classification/testdata/emergencies.tsv"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto table = ParseTable(text, {"kind", "text"});
  EXPECT_TRUE(table.ok()) << table.status();
  return table.ok() ? *std::move(table) : Table();
}

TEST(EmergencyTest, TellsDangerFromTraps) {
  const Table cases = Cases();
  ASSERT_GE(cases.rows.size(), 120u);
  for (const TableRow& row : cases.rows) {
    EXPECT_EQ(DefaultEmergencyRules().Find(row.cells[1]).value_or("-"), row.cells[0])
        << "line " << row.line << ": " << row.cells[1];
  }
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
  EXPECT_EQ(DefaultEmergencyRules().Find("Открытый люк у дома. Ещё пахнет газом в подъезде."),
            "gas");
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
  EXPECT_THAT(problem("kind\teffect\tpattern\ngas\tmaybe\tветер\n"), HasSubstr("maybe"));
  EXPECT_THAT(problem("kind\teffect\n"), HasSubstr("pattern"));
}

}  // namespace
}  // namespace veche::classification
