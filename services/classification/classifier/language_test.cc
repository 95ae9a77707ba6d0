#include "common/text/language.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/text/utf8.h"
#include "services/classification/testing/test_table.h"

// Language identification, measured on the sentences that the seed corpus has in each language.

namespace veche::classification {
namespace {

constexpr size_t kShort = 20;  // characters; less may be anything

double ShareRight(absl::string_view code) {
  const Table table =
      testing::ReadTableHere(absl::StrCat("seed/examples_", code, ".tsv"), {"text"});
  double right = 0;
  double all = 0;
  for (const TableRow& row : table.rows) {
    const std::string& text = row.cells[0];
    if (text::CountCharacters(text) <= kShort) continue;
    right += text::LanguageCode(text::GuessLanguage(text)) == code;
    ++all;
  }
  EXPECT_GT(all, 400);
  return right / all;
}

TEST(LanguageTest, IsToldFromASentence) {
  for (absl::string_view code : {"ru", "uk", "tt", "en"}) {
    EXPECT_GE(ShareRight(code), 0.97) << code;
  }
}

}  // namespace
}  // namespace veche::classification
