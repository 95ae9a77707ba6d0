#include "common/text/letters.h"

#include <gtest/gtest.h>

namespace veche::text {
namespace {

TEST(LettersTest, CountsLettersCapitalsAndRuns) {
  const LetterCounts counts = CountLetters("ЯМА на Дороге!!! 5555   №1");
  EXPECT_EQ(counts.letters, 11u);
  EXPECT_EQ(counts.capitals, 4u);
  EXPECT_EQ(counts.longest_run, 4u);
}

TEST(LettersTest, TakesAnyBytes) {
  EXPECT_EQ(CountLetters("").longest_run, 0u);
  EXPECT_EQ(CountLetters("\xff\xfe").letters, 0u);
}

}  // namespace
}  // namespace veche::text
