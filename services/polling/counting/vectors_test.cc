// The test vectors that the TypeScript library reads too: testdata/counting.json.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "services/polling/counting/tally.h"

namespace veche::polling::counting {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

element Vectors(simdjson::dom::parser& parser) {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  const std::filesystem::path root = source ? source : ".";
  return parser.load((root / "services/polling/counting/testdata/counting.json").string());
}

int64_t Number(element object, const char* key, int64_t otherwise) {
  int64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : otherwise;
}

std::string Text(element value) { return std::string(std::string_view(value)); }

Question ReadQuestion(element json) {
  Question question{.method = *FindMethod(Text(json["method"])),
                    .min = static_cast<int>(Number(json, "min", 1)),
                    .max = static_cast<int>(Number(json, "max", 0)),
                    .budget = Number(json, "budget", 0)};
  for (element option : array(json["options"])) {
    question.options.push_back({Text(option["id"]), Number(option, "price", 0)});
  }
  return question;
}

QuestionType ReadType(element json) { return *FindQuestionType(Text(json["type"])); }

std::vector<int> ReadOptions(const Question& question, element ids) {
  std::vector<int> options;
  for (element id : array(ids)) options.push_back(FindOption(question, Text(id)));
  return options;
}

std::vector<int64_t> ReadRow(element json) {
  std::vector<int64_t> row;
  for (element cell : array(json)) row.push_back(int64_t(cell));
  return row;
}

std::vector<std::vector<int64_t>> ReadMatrix(element json) {
  std::vector<std::vector<int64_t>> matrix;
  for (element row : array(json)) matrix.push_back(ReadRow(row));
  return matrix;
}

void ExpectBudget(const Question& question, const BudgetResult& budget, element expected) {
  EXPECT_EQ(budget.spent, int64_t(expected["spent"]));
  EXPECT_EQ(budget.raises, int64_t(expected["raises"]));
  ASSERT_EQ(budget.funded.size(), array(expected["funded"]).size());
  size_t i = 0;
  for (element row : array(expected["funded"])) {
    const FundedOption& funded = budget.funded[i++];
    EXPECT_EQ(question.options[funded.option].id, Text(row["option"]));
    EXPECT_EQ(funded.completion, bool(row["completion"]));
    EXPECT_EQ(funded.tied, ReadOptions(question, row["tied"]));
  }
}

void ExpectResult(const Question& question, const Result& result, element expected) {
  EXPECT_EQ(result.answered, int64_t(expected["answered"]));
  EXPECT_EQ(result.skipped, int64_t(expected["skipped"]));
  EXPECT_EQ(result.counts, ReadRow(expected["counts"]));
  std::vector<std::vector<int>> order;
  for (element group : array(expected["order"])) order.push_back(ReadOptions(question, group));
  EXPECT_EQ(result.order, order);
  element part;
  ASSERT_EQ(result.rating.has_value(), expected["rating"].get(part) == simdjson::SUCCESS);
  if (result.rating) {
    EXPECT_EQ(result.rating->sum, int64_t(part["sum"]));
    EXPECT_EQ(result.rating->mean_hundredths, int64_t(part["mean_hundredths"]));
    EXPECT_EQ(result.rating->median_doubled, int64_t(part["median_doubled"]));
  }
  ASSERT_EQ(result.schulze.has_value(), expected["schulze"].get(part) == simdjson::SUCCESS);
  if (result.schulze) {
    EXPECT_EQ(result.schulze->preferences, ReadMatrix(part["preferences"]));
    EXPECT_EQ(result.schulze->strengths, ReadMatrix(part["strengths"]));
  }
  ASSERT_EQ(result.budget.has_value(), expected["budget"].get(part) == simdjson::SUCCESS);
  if (result.budget) ExpectBudget(question, *result.budget, part);
}

TEST(VectorsTest, Results) {
  simdjson::dom::parser parser;
  const array cases = Vectors(parser)["cases"];
  EXPECT_GE(cases.size(), 20u);
  for (element test : cases) {
    SCOPED_TRACE(Text(test["name"]));
    const Question question = ReadQuestion(test["question"]);
    ASSERT_EQ(CheckQuestion(question, ReadType(test["question"])), QuestionError::kNone);
    Tally tally(question);
    for (element ballot : array(test["ballots"])) {
      const std::vector<int> answer = ReadOptions(question, ballot["options"]);
      const int64_t times = ballot["count"];
      if (answer.empty()) {
        tally.AddSkipped(times);
      } else {
        ASSERT_EQ(tally.Add(answer, times), AnswerError::kNone);
      }
    }
    ExpectResult(question, tally.Count(), test["expected"]);
  }
}

TEST(VectorsTest, AnswerErrors) {
  simdjson::dom::parser parser;
  for (element test : array(Vectors(parser)["answers"])) {
    SCOPED_TRACE(simdjson::to_string(test));
    const Question question = ReadQuestion(test["question"]);
    const std::vector<int> answer = ReadOptions(question, test["answer"]);
    EXPECT_EQ(Word(CheckAnswer(question, answer)), Text(test["error"]));
    Tally tally(question);
    EXPECT_EQ(tally.Add(answer), CheckAnswer(question, answer));
    EXPECT_EQ(tally.Count().answered, Text(test["error"]).empty() ? 1 : 0);
  }
}

TEST(VectorsTest, QuestionErrors) {
  simdjson::dom::parser parser;
  for (element test : array(Vectors(parser)["questions"])) {
    SCOPED_TRACE(simdjson::to_string(test));
    EXPECT_EQ(Word(CheckQuestion(ReadQuestion(test["question"]), ReadType(test["question"]))),
              Text(test["error"]));
  }
}

}  // namespace
}  // namespace veche::polling::counting
