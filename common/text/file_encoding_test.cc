#include "common/text/file_encoding.h"

#include <gtest/gtest.h>

namespace veche::text {
namespace {

TEST(FileEncodingTest, ReadsUtf8AndWindows1251) {
  EXPECT_EQ(DecodeFile("\xEF\xBB\xBFПарк"), "Парк");
  EXPECT_EQ(DecodeFile("Парк"), "Парк");
  EXPECT_EQ(DecodeFile("\xCF\xE0\xF0\xEA \xB9 7"), "Парк № 7");
  EXPECT_EQ(DecodeFile(""), "");
}

}  // namespace
}  // namespace veche::text
