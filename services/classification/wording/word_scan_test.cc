#include "services/classification/wording/word_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/tokenize.h"

namespace veche::classification {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Folded(const WordScan& scan) {
  std::vector<std::string> words;
  for (size_t i = 0; i < scan.words.size(); ++i) words.emplace_back(scan.Folded(i));
  return words;
}

TEST(WordScanTest, FindsTheWordsOfTheTokenizer) {
  for (absl::string_view text :
       {"Ёлка УПАЛА на пр-т Мира, д. 5/2!", "У під'їзді тхне газом… Їжак і Ґанок",
        "Әйе, үзем Җиде җырлый Һәм ң", "кoлoдeц c латинскими o", "don't stop 12th",
        "rock ’n’ roll it’s", "«кавычки» — тире – №5 50°", "emoji 🔥 пожар", "café naïve ß",
        "бо\u0301льно и й", "мяг\u00ADкий", "ⅣＡ", "", "  ", "\xFF\xFEпожар\xFF", "'a' `b`"}) {
    std::vector<std::string> expected;
    for (const text::Token& token : text::Tokenize(text)) expected.push_back(token.folded);
    EXPECT_EQ(Folded(WordScan(text)), expected) << text;
  }
}

TEST(WordScanTest, CutsLongWordsAsTheTokenizerDoes) {
  const std::string word = "ы" + std::string(200, 'x');
  const WordScan scan(word);
  ASSERT_EQ(scan.words.size(), 1u);
  EXPECT_EQ(scan.Folded(0), text::Tokenize(word)[0].folded);
}

TEST(WordScanTest, CountsSentences) {
  std::vector<size_t> sentences;
  for (const ScannedWord& word : WordScan("На ул. Мира дыра. Опасно! Да").words) {
    sentences.push_back(word.sentence);
  }
  EXPECT_THAT(sentences, ElementsAre(0, 0, 0, 0, 1, 2));
}

TEST(WordScanTest, ReadsAMinus) {
  EXPECT_THAT(Folded(WordScan("на улице -20")), ElementsAre("на", "улице", "минус", "20"));
  EXPECT_THAT(Folded(WordScan("дома 5-20")), ElementsAre("дома", "5", "20"));
}

TEST(WordScanTest, QuotesTheText) {
  const absl::string_view text = "Очень «Пахнет», да, ГАЗОМ!";
  EXPECT_EQ(WordScan(text).Quote(text, 1, 3), "Пахнет», да, ГАЗОМ");
}

TEST(SpeltByEarTest, KeepsBeginnings) {
  EXPECT_EQ(SpeltByEar("пожар"), SpeltByEar("пажар"));
  EXPECT_EQ(SpeltByEar("открытый"), SpeltByEar("аткритый"));
  EXPECT_EQ(SpeltByEar("колодец").substr(0, SpeltByEar("колод").size()), SpeltByEar("колод"));
  EXPECT_NE(SpeltByEar("газон"), SpeltByEar("газом"));
}

}  // namespace
}  // namespace veche::classification
