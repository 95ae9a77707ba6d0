#include "services/polling/counting/question.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace veche::polling::counting {
namespace {

constexpr std::array<absl::string_view, 5> kTypes = {"SINGLE", "MULTIPLE", "RATING", "RANKING",
                                                     "BUDGET"};

struct MethodRow {
  absl::string_view word;
  QuestionType type;
};
constexpr std::array<MethodRow, 6> kMethods = {{{"plurality", QuestionType::kSingle},
                                                {"approval", QuestionType::kMultiple},
                                                {"mean_rating", QuestionType::kRating},
                                                {"schulze", QuestionType::kRanking},
                                                {"greedy", QuestionType::kBudget},
                                                {"equal_shares", QuestionType::kBudget}}};

constexpr std::array<absl::string_view, 8> kQuestionErrors = {
    "", "too_few_options", "too_many_options", "option_id", "limits", "price", "budget", "method"};
constexpr std::array<absl::string_view, 7> kAnswerErrors = {
    "", "empty", "unknown_option", "duplicate_option", "too_few", "too_many", "over_budget"};

bool IsRatingValue(absl::string_view id) {
  int value = 0;
  return absl::SimpleAtoi(id, &value) && value >= 1 && value <= kMostRatingValue &&
         absl::StrCat(value) == id;
}

bool IdsAreValid(const Question& question, QuestionType type) {
  absl::flat_hash_set<absl::string_view> ids;
  return std::all_of(question.options.begin(), question.options.end(), [&](const Option& option) {
    return !option.id.empty() && ids.insert(option.id).second &&
           (type != QuestionType::kRating || IsRatingValue(option.id));
  });
}

bool HasLimits(QuestionType type) {
  return type != QuestionType::kSingle && type != QuestionType::kRating;
}

int Most(const Question& question) {
  if (!HasLimits(TypeOf(question.method))) return 1;
  return question.max == 0 ? static_cast<int>(question.options.size()) : question.max;
}

bool IsMoney(int64_t amount) { return amount >= 1 && amount <= kMostMoney; }

}  // namespace

absl::string_view Word(QuestionType type) { return kTypes[static_cast<size_t>(type)]; }
absl::string_view Word(Method method) { return kMethods[static_cast<size_t>(method)].word; }
absl::string_view Word(QuestionError error) { return kQuestionErrors[static_cast<size_t>(error)]; }
absl::string_view Word(AnswerError error) { return kAnswerErrors[static_cast<size_t>(error)]; }

std::optional<QuestionType> FindQuestionType(absl::string_view word) {
  const auto found = std::find(kTypes.begin(), kTypes.end(), word);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<QuestionType>(found - kTypes.begin());
}

std::optional<Method> FindMethod(absl::string_view word) {
  const auto found = std::find_if(kMethods.begin(), kMethods.end(),
                                  [&](const MethodRow& row) { return row.word == word; });
  if (found == kMethods.end()) return std::nullopt;
  return static_cast<Method>(found - kMethods.begin());
}

QuestionType TypeOf(Method method) { return kMethods[static_cast<size_t>(method)].type; }

Method DefaultMethod(QuestionType type) {
  switch (type) {
    case QuestionType::kSingle:
      return Method::kPlurality;
    case QuestionType::kMultiple:
      return Method::kApproval;
    case QuestionType::kRating:
      return Method::kMeanRating;
    case QuestionType::kRanking:
      return Method::kSchulze;
    case QuestionType::kBudget:
      break;
  }
  return Method::kGreedy;
}

QuestionError CheckQuestion(const Question& question, QuestionType type) {
  const int size = static_cast<int>(question.options.size());
  if (TypeOf(question.method) != type) return QuestionError::kMethod;
  if (size < (type == QuestionType::kBudget ? 1 : 2)) return QuestionError::kTooFewOptions;
  if (size > kMostOptions) return QuestionError::kTooManyOptions;
  if (!IdsAreValid(question, type)) return QuestionError::kOptionId;
  if (HasLimits(type) && (question.min < 1 || question.max < 0 || Most(question) < question.min ||
                          Most(question) > size)) {
    return QuestionError::kLimits;
  }
  if (type != QuestionType::kBudget) return QuestionError::kNone;
  const bool priced = std::all_of(question.options.begin(), question.options.end(),
                                  [](const Option& option) { return IsMoney(option.price); });
  if (!priced) return QuestionError::kPrice;
  return IsMoney(question.budget) ? QuestionError::kNone : QuestionError::kBudget;
}

int FindOption(const Question& question, absl::string_view id) {
  const auto found = std::find_if(question.options.begin(), question.options.end(),
                                  [&](const Option& option) { return option.id == id; });
  return found == question.options.end() ? -1 : static_cast<int>(found - question.options.begin());
}

AnswerError CheckAnswer(const Question& question, absl::Span<const int> answer) {
  if (answer.empty()) return AnswerError::kEmpty;
  std::bitset<kMostOptions> chosen;
  bool repeated = false;
  int64_t spent = 0;  // at most kMostOptions × kMostMoney: an answer with duplicates is not summed
  for (const int option : answer) {
    if (option < 0 || option >= static_cast<int>(question.options.size())) {
      return AnswerError::kUnknownOption;
    }
    if (!chosen[option]) spent += question.options[option].price;
    repeated |= chosen[option];
    chosen.set(option);
  }
  if (repeated) return AnswerError::kDuplicateOption;
  const QuestionType type = TypeOf(question.method);
  const int size = static_cast<int>(answer.size());
  if (HasLimits(type) && size < question.min) return AnswerError::kTooFew;
  if (size > Most(question)) return AnswerError::kTooMany;
  if (type == QuestionType::kBudget && spent > question.budget) return AnswerError::kOverBudget;
  return AnswerError::kNone;
}

}  // namespace veche::polling::counting
