#include "common/text/stem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/normalize.h"

namespace veche::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void ExpectOneStem(std::initializer_list<absl::string_view> forms) {
  const std::string first = Stem(FoldWord(*forms.begin()));
  for (absl::string_view form : forms) EXPECT_EQ(Stem(FoldWord(form)), first) << form;
}

TEST(StemTest, FormsOfAWordMeet) {
  ExpectOneStem({"яма", "ямы", "яму", "ямой", "ямами", "ЯМ"});
  ExpectOneStem({"колодцы", "колодца", "колодцами"});
  ExpectOneStem({"light", "lights", "lighting"});
  ExpectOneStem({"вулиця", "вулиці", "вулицю", "вулицею", "вулицями"});
  ExpectOneStem({"вода", "воді", "воду", "водою", "води"});
  ExpectOneStem({"ліхтар", "ліхтарі", "ліхтаря", "ліхтарів", "ліхтарями"});
  ExpectOneStem({"під'їзд", "під’їзді", "підїзду"});
  ExpectOneStem({"сміття", "сміттям"});
  ExpectOneStem({"опалення", "опаленню", "опаленні"});
}

TEST(StemTest, LeavesTatarAndNumbersAlone) {
  EXPECT_EQ(Stem("чүпләр"), "чүпләр");
  EXPECT_EQ(Stem("12а"), "12а");
  EXPECT_EQ(Stem(""), "");
  EXPECT_EQ(Stem("қала"), "қала");
}

TEST(SearchTermsTest, IsTheSameInAnyText) {
  EXPECT_THAT(SearchTerms("Ямы во дворе, и ещё ЯМА"), ElementsAre("двор", "ям"));
  // The word alone and the word in a Ukrainian or English text have one term.
  EXPECT_THAT(SearchTerms("вулиця"), ElementsAre("вулиц"));
  EXPECT_THAT(SearchTerms("на вулиці"), ElementsAre("вулиц"));
  EXPECT_THAT(SearchTerms("улица Lenina street"), ElementsAre("lenina", "street", "улиц"));
}

TEST(SearchTermsTest, HasWordsAloneWhateverIsAsked) {
  EXPECT_THAT(SearchTerms("\"яма\" OR * NEAR(дом) & !x:*"), ElementsAre("near", "x", "дом", "ям"));
  EXPECT_THAT(SearchTerms("и на the"), IsEmpty());
  EXPECT_THAT(SearchTerms(absl::string_view("\0\xFF", 2)), IsEmpty());
}

TEST(SearchTermsTest, IsBounded) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + " ";
  EXPECT_EQ(SearchTerms(text).size(), 10'000u);
  EXPECT_EQ(SearchTerms(std::string(100'000, 'x')).size(), 1u);
}

}  // namespace
}  // namespace veche::text
