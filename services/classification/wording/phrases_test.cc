#include "services/classification/wording/phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::classification {
namespace {

bool Finds(const std::string& pattern, absl::string_view text) {
  const auto matcher = PhraseMatcher::Compile({pattern});
  EXPECT_TRUE(matcher.ok()) << matcher.status();
  return matcher.ok() && !matcher->Find(text).empty();
}

TEST(PhraseMatcherTest, WantsAllTermsInOneSentence) {
  EXPECT_TRUE(Finds("запах* газа|газом", "Газа сильный ЗАПАХ"));
  EXPECT_FALSE(Finds("запах* газа|газом", "Запах. Газа много"));
  EXPECT_FALSE(Finds("запах* газа|газом", "Запах 1 2 3 4 5 6 7 8 газа"));
  EXPECT_TRUE(Finds("запах* дома", "Запах у ул. Мира д. 5, дома"));
}

TEST(PhraseMatcherTest, JoinsWordsThatFollow) {
  EXPECT_TRUE(Finds("без_крыш*", "люк без крышки"));
  EXPECT_FALSE(Finds("без_крыш*", "крышки без люка"));
}

TEST(PhraseMatcherTest, TakesDenialsForWhatTheyAre) {
  EXPECT_FALSE(Finds("пахнет газом", "газом не пахнет"));
  EXPECT_FALSE(Finds("запах* газа", "запаха газа нет"));
  EXPECT_TRUE(Finds("запах* газа", "запах газа, нет сил терпеть"));
  EXPECT_TRUE(Finds("не_горит", "не горит"));
}

TEST(PhraseMatcherTest, HearsHowWordsSound) {
  EXPECT_TRUE(Finds("~пахнет ~газом", "пахнит газам"));
  EXPECT_TRUE(Finds("~колод*", "КАЛОДЕЦ"));
  EXPECT_FALSE(Finds("пахнет", "пахнит"));
  EXPECT_FALSE(Finds("~пожар", "поджарка"));
}

TEST(PhraseMatcherTest, TellsWhereTheWordsStand) {
  const auto matcher = PhraseMatcher::Compile({"запах* газа"});
  ASSERT_TRUE(matcher.ok());
  const WordScan scan("Добрый день. В доме запах, кажется, газа!");
  const std::vector<PhraseMatch> matches = matcher->Find(scan);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].sentence, 1u);
  EXPECT_EQ(scan.Folded(matches[0].first), "запах");
  EXPECT_EQ(scan.Folded(matches[0].last), "газа");
}

TEST(PhraseMatcherTest, JoinsPartsOfAText) {
  EXPECT_TRUE(Finds("нет_тепла & минус", "Нет тепла. На улице -20"));
  EXPECT_FALSE(Finds("нет_тепла & минус", "Нет тепла. Дома 5-20"));
}

TEST(PhraseMatcherTest, RefusesPatternsItCannotRead) {
  for (const char* pattern : {"", "a & ", "Газ", "а*", "газ||дым", "ёлка"}) {
    EXPECT_THAT(PhraseMatcher::Compile({pattern}).status(),
                veche::testing::StatusIs(absl::StatusCode::kInvalidArgument))
        << pattern;
  }
}

TEST(PhraseMatcherTest, BearsHostileText) {
  const auto matcher = PhraseMatcher::Compile({"газ пахнет", "газ & дым", "дым"});
  ASSERT_TRUE(matcher.ok());
  std::string text;
  while (text.size() < 200'000) text += "газ! дым! пахнет газ.";
  EXPECT_FALSE(matcher->Find(text).empty());
}

}  // namespace
}  // namespace veche::classification
