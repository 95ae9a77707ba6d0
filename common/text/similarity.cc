#include "common/text/similarity.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace veche::text {

double TermSimilarity(absl::Span<const std::string> a, absl::Span<const std::string> b) {
  if (a.empty() || b.empty()) return 0;
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const double shared = static_cast<double>(both.size());
  const double jaccard = shared / static_cast<double>(a.size() + b.size() - both.size());
  const double contained = shared / static_cast<double>(std::min(a.size(), b.size()));
  // A single shared word of a two-word text is no evidence.
  return both.size() < 2 ? jaccard : (jaccard + contained) / 2;
}

}  // namespace veche::text
