#include <algorithm>

#include "services/polling/counting/methods.h"

namespace veche::polling::counting {
namespace {

using Matrix = std::vector<std::vector<int64_t>>;

Matrix Preferences(absl::Span<const Answers> answers, int options) {
  Matrix preferences(options, std::vector<int64_t>(options));
  std::vector<bool> above(options);
  for (const Answers& answer : answers) {
    std::fill(above.begin(), above.end(), false);
    for (const uint8_t option : answer.options) {
      above[option] = true;
      for (int other = 0; other < options; ++other) {
        if (!above[other]) preferences[option][other] += answer.times;
      }
    }
  }
  return preferences;
}

// The strength of a path is its weakest link; a link exists where more answers prefer its start
// than its end, and is as strong as they are many (winning votes). Floyd and Warshall.
Matrix StrongestPaths(const Matrix& preferences) {
  const size_t size = preferences.size();
  Matrix strengths(size, std::vector<int64_t>(size));
  for (size_t a = 0; a < size; ++a) {
    for (size_t b = 0; b < size; ++b) {
      if (preferences[a][b] > preferences[b][a]) strengths[a][b] = preferences[a][b];
    }
  }
  for (size_t through = 0; through < size; ++through) {
    for (size_t a = 0; a < size; ++a) {
      for (size_t b = 0; b < size; ++b) {
        if (a == b) continue;
        strengths[a][b] =
            std::max(strengths[a][b], std::min(strengths[a][through], strengths[through][b]));
      }
    }
  }
  return strengths;
}

// Each group: the options that no remaining option beats.
std::vector<std::vector<int>> Order(const Matrix& strengths) {
  std::vector<int> remaining;
  for (size_t option = 0; option < strengths.size(); ++option) {
    remaining.push_back(static_cast<int>(option));
  }
  std::vector<std::vector<int>> order;
  while (!remaining.empty()) {
    std::vector<int> best, rest;
    for (const int option : remaining) {
      const bool beaten = std::any_of(remaining.begin(), remaining.end(), [&](int other) {
        return strengths[other][option] > strengths[option][other];
      });
      (beaten ? rest : best).push_back(option);
    }
    order.push_back(std::move(best));
    remaining = std::move(rest);
  }
  return order;
}

}  // namespace

void CountSchulze(absl::Span<const Answers> answers, int options, Result& result) {
  SchulzeResult schulze;
  schulze.preferences = Preferences(answers, options);
  schulze.strengths = StrongestPaths(schulze.preferences);
  result.order = Order(schulze.strengths);
  result.schulze = std::move(schulze);
}

}  // namespace veche::polling::counting
