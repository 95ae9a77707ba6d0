#include "common/text/normalize.h"

#include <gtest/gtest.h>

#include "common/text/utf8.h"

namespace veche::text {
namespace {

std::string Repeat(absl::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out.append(part.data(), part.size());
  return out;
}

TEST(FoldTest, FoldsCaseAndYo) {
  EXPECT_EQ(Fold("ЁЛКА  Упала\n\tна дорогу "), "елка упала на дорогу");
  EXPECT_EQ(Fold("ПІД’ЇЗД під'їзд"), "підїзд підїзд");
  EXPECT_EQ(Fold("Җиләк ҮЛӘН"), "җиләк үлән");
}

TEST(FoldTest, JoinsWhatLooksTheSame) {
  EXPECT_EQ(Fold("и\u0306 Й"), "й й");
  EXPECT_EQ(Fold("ﬁre № ①"), "fire no 1");
  EXPECT_EQ(Fold("до\u00ADро\u200Bга"), "дорога");
}

TEST(FoldWordTest, UndoesLatinTwins) {
  EXPECT_EQ(FoldWord("кoлoдeц"), "колодец");
  EXPECT_EQ(FoldWord("Water"), "water");
  EXPECT_EQ(FoldWord("wifiточка"), "wifiточка");
}

TEST(FoldWordTest, KeepsABoundedNumberOfCharacters) {
  EXPECT_EQ(CountCharacters(FoldWord(Repeat("я", 100'000))), kMaxWordCharacters);
}

TEST(CleanTest, KeepsLinesAndDropsDirt) {
  EXPECT_EQ(Clean("  Яма \r\n\n\n\n во  дворе\u202E\x01 "), "Яма\n\nво дворе");
  EXPECT_EQ(Clean("и\u0306"), "й");
  for (absl::string_view clean : {"Яма", "№ 5 — «Дом», 5–7", "a", ""})
    EXPECT_EQ(Clean(clean), clean);
  EXPECT_EQ(Clean("два  слова"), "два слова");
  EXPECT_EQ(Clean("перенос\u00ADслова"), "переносслова");
  EXPECT_EQ(Clean("слово "), "слово");
  EXPECT_EQ(Clean(" "), "");
  EXPECT_EQ(Clean("\xFF ok"), "\xEF\xBF\xBD ok");
  EXPECT_EQ(Clean("👨‍👩‍👧"), "👨‍👩‍👧");
}

// Would take minutes if any step were quadratic.
TEST(FoldTest, BearsHostileText) {
  const std::string marks = "a" + Repeat("\u0315\u0300\u05AE", 33'000);
  EXPECT_LT(Fold(marks).size(), 200u);
  EXPECT_LT(Clean(marks).size(), 200u);
  EXPECT_FALSE(Fold(Repeat("\uFDFA", 100'000)).empty());
  EXPECT_TRUE(IsValidUtf8(Fold(Repeat("\xE2\x82", 100'000))));
  EXPECT_TRUE(IsValidUtf8(Fold(Repeat("a'", 50'000))));
}

}  // namespace
}  // namespace veche::text
