#include "common/base/texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr absl::string_view kHeader = "id\ten\tru\tuk\ttt\n";

absl::StatusOr<Texts> Parse(absl::string_view rows) {
  static std::vector<std::string> kept;  // tables live forever
  kept.push_back(absl::StrCat(kHeader, rows));
  const EmbeddedFile file = {"texts.tsv", kept.back()};
  return Texts::Parse({absl::MakeSpan(&file, 1)});
}

TEST(TextsTest, SpeaksEachLanguage) {
  const auto texts = Parse("# a comment\n\nHELLO\thello\tпривет\tпривіт\tсәлам\n");
  ASSERT_OK(texts);
  EXPECT_EQ(texts->Get("HELLO", "en"), "hello");
  EXPECT_EQ(texts->Get("HELLO", "ru"), "привет");
  EXPECT_EQ(texts->Get("HELLO", "uk"), "привіт");
  EXPECT_EQ(texts->Get("HELLO", "tt"), "сәлам");
  EXPECT_EQ(texts->Get("HELLO", "de"), "hello");
  EXPECT_EQ(texts->Get("NOT_THERE", "ru"), "NOT_THERE");
  EXPECT_FALSE(texts->Has("NOT_THERE"));
}

TEST(TextsTest, FillsPlaceholders) {
  const auto texts = Parse(
      "A\t{n} of {what:W_}{\t{what:W_}: {n}\t{n}\t{n}\n"
      "B\tno {x:}\tнет {x:}\tні {x:}\t{x:} юк\n"
      "W_CAT\tcats\tкошек\tкішок\tмәче\n");
  ASSERT_OK(texts);
  EXPECT_EQ(texts->Get({"A", {{"n", "5"}, {"what", "CAT"}}}, "en"), "5 of cats{");
  EXPECT_EQ(texts->Get({"A", {{"n", "5"}, {"what", "CAT"}}}, "ru"), "кошек: 5");
  EXPECT_EQ(texts->Get({"A", {{"n", "{n}"}, {"what", "dogs"}}}, "en"), "{n} of dogs{");
  EXPECT_EQ(texts->Get("A", "uk"), "{n}");
  EXPECT_EQ(texts->Get({"B", {{"x", "W_CAT"}}}, "en"), "no cats");
}

TEST(TextsTest, RefusesBrokenTables) {
  for (const auto& [rows, complaint] : {std::pair{"A\ta\tb\tc\n", "line 2: has 4 columns"},
                                        {"A\ta\tb\t\td\n", "A lacks uk"},
                                        {"A\ta\tb\tc\td\nA\ta\tb\tc\td\n", "line 3: A appears"}}) {
    const auto texts = Parse(rows);
    ASSERT_THAT(texts, StatusIs(absl::StatusCode::kFailedPrecondition)) << rows;
    EXPECT_THAT(std::string(texts.status().message()), HasSubstr(complaint));
  }
  const EmbeddedFile file = {"texts.tsv", "id\tru\n"};
  EXPECT_THAT(Texts::Parse({absl::MakeSpan(&file, 1)}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(TextsTest, CommonTextsAreWhole) { EXPECT_OK(Texts::Parse({CommonTexts()})); }

}  // namespace
}  // namespace veche
