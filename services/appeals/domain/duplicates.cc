#include "services/appeals/domain/duplicates.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "common/text/fingerprint.h"
#include "common/text/similarity.h"
#include "common/text/stem.h"
#include "common/text/utf8.h"

namespace veche::appeals {
namespace {

constexpr double kLeastScore = 0.25;
constexpr double kLeastWording = 0.12;
constexpr double kWordingWeight = 0.6;
constexpr double kDistanceWeight = 0.25;
constexpr double kCategoryWeight = 0.15;
// The share of fingerprints in the wording's score: docs/experiments/duplicates.md.
constexpr double kFingerprintShare = 0.2;
constexpr double kHalvingMeters = 100;  // nearness halves with each such distance
// The point of a text is at its beginning, and anybody may call this: stemming must stay cheap.
constexpr size_t kComparedCharacters = 600;
constexpr size_t kQueryCharacters = 2'000;

}  // namespace

std::vector<Duplicate> RankDuplicates(absl::string_view text, const geo::LatLng& location,
                                      absl::Span<const Appeal> near) {
  near = near.subspan(0, kMostCompared);
  const std::vector<std::string> terms = text::SearchTerms(text::PrefixOf(text, kQueryCharacters));
  const uint64_t fingerprint = text::Fingerprint(terms);
  std::vector<double> wording(near.size());
  std::map<std::string, double> by_category;
  for (size_t i = 0; i < near.size(); ++i) {
    wording[i] = text::TermSimilarity(
        terms, text::SearchTerms(text::PrefixOf(PublicText(near[i]), kComparedCharacters)));
    // An appeal that shares no word is never a duplicate, however alike the letters are.
    if (near[i].fingerprint != 0 && wording[i] > 0) {
      wording[i] =
          (1 - kFingerprintShare) * wording[i] +
          kFingerprintShare * text::FingerprintSimilarity(fingerprint, near[i].fingerprint);
    }
    if (!near[i].category.empty()) by_category[near[i].category] += wording[i];
  }
  // The new text has no category yet: assume the category of the neighbours with the most similar
  // wording.
  auto likeliest =
      std::max_element(by_category.begin(), by_category.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<Duplicate> duplicates;
  for (size_t i = 0; i < near.size(); ++i) {
    if (!near[i].location || wording[i] < kLeastWording) continue;
    const double distance = geo::DistanceMeters(location, *near[i].location);
    const bool same_category =
        likeliest != by_category.end() && near[i].category == likeliest->first;
    const double score = kWordingWeight * wording[i] +
                         kDistanceWeight * std::exp2(-distance / kHalvingMeters) +
                         (same_category ? kCategoryWeight : 0);
    if (score >= kLeastScore) duplicates.push_back({i, std::min(score, 1.0), distance});
  }
  std::stable_sort(duplicates.begin(), duplicates.end(),
                   [](const Duplicate& a, const Duplicate& b) { return a.score > b.score; });
  if (duplicates.size() > kMostDuplicates) duplicates.resize(kMostDuplicates);
  return duplicates;
}

}  // namespace veche::appeals
