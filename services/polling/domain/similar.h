#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Which initiatives propose the same. Pure.

namespace veche::polling {

inline constexpr size_t kMostSimilarShown = 5;
inline constexpr int kMostCompared = 500;  // the newest open ones of each state

// The stems of the title and of the beginning of the text, sorted and unique: the point of a
// proposal is there, and comparing must stay cheap.
std::vector<std::string> ProposalTerms(absl::string_view title, absl::string_view text);

struct Similar {
  size_t index = 0;  // in `candidates`
  double score = 0;  // 0..1
};
// Best first, at most kMostSimilarShown; what shares too few words is left out.
std::vector<Similar> RankSimilar(absl::Span<const std::string> terms,
                                 absl::Span<const std::vector<std::string>> candidates);

}  // namespace veche::polling
