#include "services/polling/counting/tally.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/numbers.h"
#include "services/polling/counting/methods.h"

namespace veche::polling::counting {
namespace {

// Options by falling counts; equal counts form a group.
std::vector<std::vector<int>> OrderByCounts(const std::vector<int64_t>& counts) {
  std::vector<int> sorted(counts.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](int a, int b) { return counts[a] > counts[b]; });
  std::vector<std::vector<int>> order;
  for (const int option : sorted) {
    if (order.empty() || counts[order.back().front()] != counts[option]) order.emplace_back();
    order.back().push_back(option);
  }
  return order;
}

RatingResult CountRatings(const Question& question, const Result& result) {
  std::vector<std::pair<int, int64_t>> ratings;  // value, how many
  RatingResult rating;
  for (size_t i = 0; i < question.options.size(); ++i) {
    int value = 0;
    if (!absl::SimpleAtoi(question.options[i].id, &value)) continue;
    ratings.emplace_back(value, result.counts[i]);
    rating.sum += value * result.counts[i];
  }
  if (result.answered == 0) return rating;
  rating.mean_hundredths = (200 * rating.sum + result.answered) / (2 * result.answered);
  std::sort(ratings.begin(), ratings.end());
  const auto at = [&](int64_t position) {
    for (const auto& [value, count] : ratings) {
      if (position < count) return value;
      position -= count;
    }
    return 0;
  };
  rating.median_doubled = at((result.answered - 1) / 2) + at(result.answered / 2);
  return rating;
}

}  // namespace

Tally::Tally(Question question) : question_(std::move(question)) {}

AnswerError Tally::Add(absl::Span<const int> answer, int64_t times) {
  const AnswerError error = CheckAnswer(question_, answer);
  if (error != AnswerError::kNone) return error;
  key_.assign(answer.begin(), answer.end());
  if (question_.method != Method::kSchulze) std::sort(key_.begin(), key_.end());
  answers_[key_] += times;
  return error;
}

Result Tally::Count() const {
  Result result{.method = question_.method, .skipped = skipped_};
  result.counts.resize(question_.options.size());
  std::vector<Answers> answers;
  answers.reserve(answers_.size());
  for (const auto& [options, times] : answers_) {
    answers.push_back({options, times});
    result.answered += times;
    for (const uint8_t option : options) result.counts[option] += times;
  }
  switch (question_.method) {
    case Method::kMeanRating:
      result.rating = CountRatings(question_, result);
      return result;
    case Method::kSchulze:
      CountSchulze(answers, static_cast<int>(question_.options.size()), result);
      return result;
    case Method::kGreedy:
      result.budget = CountGreedy(question_, result.counts);
      break;
    case Method::kEqualShares:
      result.budget = CountEqualShares(question_, answers, result.counts);
      break;
    case Method::kPlurality:
    case Method::kApproval:
      break;
  }
  result.order = OrderByCounts(result.counts);
  return result;
}

}  // namespace veche::polling::counting
