#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// A question of a poll as far as counting needs it, and the check of one answer. Pure; thread-safe
// as plain data. docs/polling-counting.md is the specification; clients/poll follows it too.

namespace veche::polling::counting {

enum class QuestionType { kSingle, kMultiple, kRating, kRanking, kBudget };

// How the answers to a question are counted. The words are part of the poll's definition.
enum class Method { kPlurality, kApproval, kMeanRating, kSchulze, kGreedy, kEqualShares };

absl::string_view Word(QuestionType type);  // "SINGLE", "MULTIPLE", …
absl::string_view Word(Method method);      // "plurality", "approval", "mean_rating", …
std::optional<QuestionType> FindQuestionType(absl::string_view word);
std::optional<Method> FindMethod(absl::string_view word);

// The type of questions that a method counts.
QuestionType TypeOf(Method method);

// The first method of a type: what a poll uses if it names none. BUDGET: greedy.
Method DefaultMethod(QuestionType type);

inline constexpr int kMostOptions = 100;
inline constexpr int kMostRatingValue = 10;
inline constexpr int64_t kMostMoney = 1'000'000'000'000;  // of a price and of a budget

struct Option {
  std::string id;     // RATING: the value in decimal digits, "1" to "10"
  int64_t price = 0;  // BUDGET only, in the smallest unit of money (kopecks)
};

struct Question {
  Method method = Method::kPlurality;  // the type follows: TypeOf(method)
  std::vector<Option> options;         // in the order of the poll's definition
  // MULTIPLE, RANKING, BUDGET: how many options an answer may hold. max 0: as many as there are.
  int min = 1;
  int max = 0;
  int64_t budget = 0;  // BUDGET only: what an answer, and the result, may spend
};

// What is wrong with a question; kNone: it can be asked and counted.
enum class QuestionError {
  kNone,
  kTooFewOptions,   // fewer than two; BUDGET: none
  kTooManyOptions,  // more than kMostOptions
  kOptionId,        // an id is empty or appears more than once; RATING: not "1" to "10"
  kLimits,          // min < 1, max < min or max > the number of options
  kPrice,           // BUDGET: a price outside 1..kMostMoney
  kBudget,          // BUDGET: a budget outside 1..kMostMoney
  kMethod,          // the method counts questions of another type
};
QuestionError CheckQuestion(const Question& question, QuestionType type);
absl::string_view Word(QuestionError error);  // "", "too_few_options", …

// The index of an option, or -1.
int FindOption(const Question& question, absl::string_view id);

// What is wrong with an answer. If several apply, the first in this order is returned.
enum class AnswerError {
  kNone,
  kEmpty,          // a voter who skips a question leaves it out of the ballot
  kUnknownOption,  // an index outside the options (-1 for an unknown id)
  kDuplicateOption,
  kTooFew,      // fewer than min
  kTooMany,     // more than max; SINGLE, RATING: more than one
  kOverBudget,  // the prices exceed the budget
};
absl::string_view Word(AnswerError error);  // "", "empty", "unknown_option", …

// Checks one answer: indexes of options; RANKING: best first; else in any order. Casting and the
// verifier use this function. REQUIRES: CheckQuestion(question) is kNone.
AnswerError CheckAnswer(const Question& question, absl::Span<const int> answer);

}  // namespace veche::polling::counting
