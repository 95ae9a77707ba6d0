#include "services/polling/counting/question.h"

#include <gtest/gtest.h>

#include "services/polling/counting/tally.h"

namespace veche::polling::counting {
namespace {

TEST(QuestionTest, EveryWordIsFound) {
  for (const auto type : {QuestionType::kSingle, QuestionType::kMultiple, QuestionType::kRating,
                          QuestionType::kRanking, QuestionType::kBudget}) {
    EXPECT_EQ(FindQuestionType(Word(type)), type);
    EXPECT_EQ(TypeOf(DefaultMethod(type)), type);
  }
  for (const auto method : {Method::kPlurality, Method::kApproval, Method::kMeanRating,
                            Method::kSchulze, Method::kGreedy, Method::kEqualShares}) {
    EXPECT_EQ(FindMethod(Word(method)), method);
  }
  EXPECT_EQ(FindMethod("borda"), std::nullopt);
  EXPECT_EQ(FindMethod(""), std::nullopt);
  EXPECT_EQ(FindQuestionType("single"), std::nullopt);
}

TEST(QuestionTest, IndexesOutsideTheOptionsAreUnknown) {
  const Question question{.options = {{"a"}, {"b"}}};
  for (const int option : {-1, 2, 1'000'000, INT32_MIN, INT32_MAX}) {
    EXPECT_EQ(CheckAnswer(question, {option}), AnswerError::kUnknownOption) << option;
  }
}

// The largest prices of the most options do not overflow.
TEST(QuestionTest, TheDearestAnswerIsOverBudget) {
  Question question{.method = Method::kGreedy, .budget = kMostMoney};
  std::vector<int> all;
  for (int i = 0; i < kMostOptions; ++i) {
    question.options.push_back(
        {.id = std::string(1, '!') + std::to_string(i), .price = kMostMoney});
    all.push_back(i);
  }
  EXPECT_EQ(CheckQuestion(question, QuestionType::kBudget), QuestionError::kNone);
  EXPECT_EQ(CheckAnswer(question, all), AnswerError::kOverBudget);
  EXPECT_EQ(CheckAnswer(question, {99}), AnswerError::kNone);
}

TEST(QuestionTest, ATallyCanBeCountedInBetween) {
  Tally tally({.options = {{"a"}, {"b"}}});
  tally.Add({1});
  EXPECT_EQ(tally.Count().counts, (std::vector<int64_t>{0, 1}));
  tally.Add({0}, 2);
  tally.AddSkipped();
  EXPECT_EQ(tally.Count().counts, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(tally.Count().answered, 3);
  EXPECT_EQ(tally.Count().skipped, 1);
}

}  // namespace
}  // namespace veche::polling::counting
