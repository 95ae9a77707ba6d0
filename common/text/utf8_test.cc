#include "common/text/utf8.h"

#include <gtest/gtest.h>

namespace veche::text {
namespace {

TEST(Utf8Test, TellsWellFormedFromBroken) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("яма 🕳️ pit"));
  EXPECT_FALSE(IsValidUtf8("\xD1"));              // cut short
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(IsValidUtf8("a\xFF"));
}

TEST(Utf8Test, CountsCodePoints) {
  EXPECT_EQ(CountCharacters("яма 🕳"), 5u);
  EXPECT_EQ(CountCharacters("a\xFF\xFE"), 3u);
}

TEST(Utf8Test, ScrubsWhatIsBroken) {
  EXPECT_EQ(ScrubUtf8(absl::string_view("a\0b\xFFя", 6)), "a b\xEF\xBF\xBDя");
  EXPECT_TRUE(IsValidUtf8(ScrubUtf8("\xD1\xD1\xE2\x82")));
}

TEST(Utf8Test, PrefixNeverCutsACharacter) {
  EXPECT_EQ(PrefixOf("яма", 2), "ям");
  EXPECT_EQ(PrefixOf("яма", 9), "яма");
  EXPECT_EQ(PrefixOf("яма", 0), "");
}

TEST(TextProblemTest, SaysWhatIsWrong) {
  const TextLimits limits = {.min_characters = 2, .max_characters = 5};
  EXPECT_EQ(TextProblem("яма", limits), Text());
  EXPECT_EQ(TextProblem(" \n ", limits), "MUST_NOT_BE_EMPTY");
  EXPECT_EQ(TextProblem(" я ", limits), (Text("TOO_SHORT", {{"least", "2"}, {"has", "1"}})));
  EXPECT_EQ(TextProblem("яма яма", limits), (Text("TOO_LONG", {{"most", "5"}, {"has", "7"}})));
  EXPECT_EQ(TextProblem("ям\xFF", limits), "NOT_UTF8");
  EXPECT_EQ(TextProblem(absl::string_view("a\0b", 3), limits), "NUL_CHARACTER");
  EXPECT_EQ(TextProblem("a\nb", limits), Text());
  EXPECT_EQ(TextProblem("a\nb", {.max_characters = 5, .single_line = true}), "CONTROL_CHARACTER");
}

}  // namespace
}  // namespace veche::text
