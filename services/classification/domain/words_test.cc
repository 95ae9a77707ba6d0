#include "services/classification/domain/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/text/code_points.h"
#include "services/classification/domain/tatar_stem.h"
#include "services/classification/domain/transliteration.h"

namespace veche::classification {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Words(absl::string_view text) {
  std::vector<std::string> words;
  WordReader reader(text);
  Word word;
  while (reader.Next(word)) {
    std::string folded;
    for (size_t i = 1; i <= word.size; ++i) text::AppendCodePoint(folded, word.letters[i]);
    words.push_back(folded);
  }
  return words;
}

TEST(WordsTest, FoldsLettersAndNumbers) {
  EXPECT_THAT(Words("Ёлка УПАЛА у дома 125!"), ElementsAre("елка", "упала", "у", "дома", "0"));
  EXPECT_THAT(Words("об'єкт wi-fi 12а"), ElementsAre("обєкт", "wi", "fi", "0а"));
  EXPECT_THAT(Words("Урамда ҖИР асты"), ElementsAre("урамда", "җир", "асты"));
  EXPECT_THAT(Words("и\u0306ама ﬁx"), ElementsAre("йама", "fix"));
}

TEST(WordsTest, PutsLookAlikesRight) {
  EXPECT_THAT(Words("кoлoдeц"), ElementsAre("колодец"));  // Latin o, e
  EXPECT_THAT(Words("MOCT"), ElementsAre("moct"));        // all Latin: no mixture
  EXPECT_THAT(Words("brоkеn"), ElementsAre("broken"));    // Cyrillic о, е
  EXPECT_THAT(Words("cyxой"), ElementsAre("сухой"));
  EXPECT_THAT(Words("wifiточка"), ElementsAre("wifiточка"));
}

TEST(WordsTest, TakesAnyBytes) {
  EXPECT_THAT(Words(""), IsEmpty());
  EXPECT_THAT(Words("🔥🔥 \x01\x02 --- '"), IsEmpty());
  EXPECT_THAT(Words("\xFF\xFEяма\xD0"), ElementsAre("яма"));
  EXPECT_THAT(Words("зво\u00ADнок\u200B"), ElementsAre("звонок"));
  const std::vector<std::string> long_word = Words(std::string(100'000, 'a'));
  ASSERT_EQ(long_word.size(), 1u);
  EXPECT_EQ(long_word[0].size(), kMaxLetters);
  std::string marks = "я";
  for (int i = 0; i < 50'000; ++i) marks += "\u0301";
  EXPECT_EQ(Words(marks).size(), 1u);
}

TEST(TransliterationTest, ReadsWhatPeopleType) {
  EXPECT_EQ(Transliterate("Ne gorit fonar'"), "не горит фонарь");
  EXPECT_EQ(Transliterate("vo dvore novyy svet"), "во дворе новый свет");
  EXPECT_EQ(Transliterate("yama, shchebenka; chistyat!"), "яма, щебенка; чистят!");
  EXPECT_EQ(Transliterate("дом 5"), "дом 5");
}

TEST(TatarStemTest, CutsEndings) {
  EXPECT_EQ(TatarStem("урамнарыбызда"), "урам");
  EXPECT_EQ(TatarStem("юлларны"), "юл");
  EXPECT_EQ(TatarStem("су"), "су");
}

}  // namespace
}  // namespace veche::classification
