#include "common/text/tokenize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace veche::text {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Folded(absl::string_view text) {
  std::vector<std::string> words;
  for (const Token& token : Tokenize(text)) words.push_back(token.folded);
  return words;
}

TEST(TokenizeTest, FindsWordsAndNumbers) {
  EXPECT_THAT(Folded("Дом №12а, кв.5: ЯМА!!!"), ElementsAre("дом", "12а", "кв", "5", "яма"));
  EXPECT_THAT(Folded("кое-где під'їзд don't 'quoted'"),
              ElementsAre("кое", "где", "підїзд", "dont", "quoted"));
  EXPECT_THAT(Folded("🕳️ … — "), ElementsAre());
}

TEST(TokenizeTest, PointsIntoTheOriginal) {
  const std::string text = "Ой, ёЛКА\xFFпадает";
  for (const Token& token : Tokenize(text)) {
    EXPECT_EQ(text.substr(token.offset, token.original.size()), token.original);
  }
  EXPECT_THAT(Folded(text), ElementsAre("ой", "елка", "падает"));
}

TEST(TokenizeTest, TakesNoMoreThanAsked) { EXPECT_EQ(Tokenize("a b c d", 2).size(), 2u); }

TEST(TokenizeTest, BearsHostileText) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\u200B";
  EXPECT_EQ(Tokenize("a" + text + "b").size(), 1u);
  std::string pieces;
  for (int i = 0; i < 60'000; ++i) pieces += "x ";
  EXPECT_EQ(Tokenize(pieces).size(), 50'000u);
}

}  // namespace
}  // namespace veche::text
