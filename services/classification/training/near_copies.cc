#include "services/classification/training/near_copies.h"

#include <algorithm>
#include <bit>
#include <map>

#include "common/text/fingerprint.h"
#include "common/text/stem.h"

namespace veche::classification {
namespace {

constexpr size_t kMostTerms = 500;  // of a text that are compared
// Copies differ in at most so many of 64 bits; unrelated texts differ in 32 ± 4.
constexpr int kMostBits = 10;
constexpr size_t kFewestCopies = 10;
constexpr double kMostOfLabel = 0.2;

}  // namespace

std::vector<uint32_t> FindNearCopies(absl::Span<const absl::string_view> texts) {
  std::vector<uint32_t> copy_of(texts.size());
  std::vector<std::pair<uint64_t, uint32_t>> originals;
  for (uint32_t i = 0; i < texts.size(); ++i) {
    const uint64_t print = text::Fingerprint(text::SearchTerms(texts[i], kMostTerms));
    const auto original = std::find_if(originals.begin(), originals.end(), [&](const auto& other) {
      return std::popcount(print ^ other.first) <= kMostBits;
    });
    copy_of[i] = original == originals.end() ? i : original->second;
    if (copy_of[i] == i) originals.emplace_back(print, i);
  }
  std::vector<size_t> copies(texts.size(), 0);
  for (uint32_t original : copy_of) ++copies[original];
  for (uint32_t i = 0; i < texts.size(); ++i) {
    if (copies[copy_of[i]] < kFewestCopies) copy_of[i] = i;
  }
  return copy_of;
}

std::vector<float> TextWeights(absl::Span<const uint32_t> copy_of, absl::Span<const int32_t> labels,
                               double base_weight) {
  std::vector<double> copies(copy_of.size(), 0.0);
  for (uint32_t original : copy_of) ++copies[original];
  std::map<int32_t, double> sums;
  for (size_t i = 0; i < copy_of.size(); ++i) sums[labels[i]] += 1 / copies[copy_of[i]];
  // Cutting the largest weights lowers the total and so the limit; repeat until it is stable.
  double limit = static_cast<double>(copy_of.size());
  for (int round = 0; round < 100; ++round) {
    double whole = base_weight;
    for (const auto& [label, sum] : sums) whole += std::min(sum, limit);
    limit = std::min(limit, kMostOfLabel * whole);
  }
  std::vector<float> worth;
  for (size_t i = 0; i < copy_of.size(); ++i) {
    const double factor = std::min(1.0, limit / sums[labels[i]]);
    worth.push_back(static_cast<float>(factor / copies[copy_of[i]]));
  }
  return worth;
}

}  // namespace veche::classification
