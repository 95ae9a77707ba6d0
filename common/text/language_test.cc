#include "common/text/language.h"

#include <gtest/gtest.h>

namespace veche::text {
namespace {

TEST(GuessLanguageTest, KnowsTheFour) {
  EXPECT_EQ(GuessLanguage("Во дворе огромная яма, машины проваливаются"), Language::kRussian);
  EXPECT_EQ(GuessLanguage("нет света"), Language::kRussian);
  // Words that Tatar has too.
  EXPECT_EQ(GuessLanguage("Собака без поводка"), Language::kRussian);
  EXPECT_EQ(GuessLanguage("Да сколько можно"), Language::kRussian);
  EXPECT_EQ(GuessLanguage("Без монда"), Language::kTatar);
  EXPECT_EQ(GuessLanguage("У дворі велика яма, машини провалюються, зробіть щось"),
            Language::kUkrainian);
  EXPECT_EQ(GuessLanguage("Вулиця не освітлюється вже тиждень"), Language::kUkrainian);
  EXPECT_EQ(GuessLanguage("Безнең ишегалдында зур чокыр бар, машиналар йөри алмый"),
            Language::kTatar);
  EXPECT_EQ(GuessLanguage("Урамда ут янмый, бик караңгы"), Language::kTatar);
  // No letter that only this language has.
  EXPECT_EQ(GuessLanguage("Поликлиникада табиб юк, картлар аптырашта"), Language::kTatar);
  EXPECT_EQ(GuessLanguage("Поставте лавку, треба чекати годину"), Language::kUkrainian);
  EXPECT_EQ(GuessLanguage("There is a huge hole in our yard"), Language::kEnglish);
  EXPECT_EQ(GuessLanguage("Street light broken"), Language::kEnglish);
}

TEST(GuessLanguageTest, GoesByTheMajority) {
  EXPECT_EQ(GuessLanguage("Уберите мусор у магазина Fix Price на улице Габдуллы Тукая"),
            Language::kRussian);
  EXPECT_EQ(GuessLanguage("На улице Әмирхан яма на дороге"), Language::kRussian);
}

TEST(GuessLanguageTest, AdmitsThatItDoesNotKnow) {
  for (absl::string_view text :
       {"", "12 34", "🕳🕳", "\xFF\xFE", "pochinite dorogu na Lenina srochno", "Αθήνα",
        "Біздің аулада қоқыс шығарылмайды ғой", "道路有洞"}) {
    EXPECT_EQ(GuessLanguage(text), Language::kUnknown) << text;
  }
}

TEST(WordLanguageTest, GoesByLettersAlone) {
  EXPECT_EQ(WordLanguage("яма"), Language::kRussian);
  EXPECT_EQ(WordLanguage("ямі"), Language::kUkrainian);
  EXPECT_EQ(WordLanguage("чүп"), Language::kTatar);
  EXPECT_EQ(WordLanguage("hole"), Language::kEnglish);
  EXPECT_EQ(WordLanguage("қала"), Language::kUnknown);
  EXPECT_EQ(WordLanguage("12"), Language::kUnknown);
}

TEST(LanguageCodeTest, GoesThereAndBack) {
  for (absl::string_view code : {"ru", "uk", "tt", "en", "und"}) {
    EXPECT_EQ(LanguageCode(ParseLanguage(code)), code);
  }
  EXPECT_EQ(ParseLanguage("ru-RU"), Language::kRussian);
  EXPECT_EQ(ParseLanguage("de"), Language::kUnknown);
}

}  // namespace
}  // namespace veche::text
