#include "services/polling/domain/similar.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/text/fingerprint.h"
#include "common/text/similarity.h"
#include "common/text/stem.h"
#include "common/text/utf8.h"

namespace veche::polling {
namespace {

constexpr size_t kComparedCharacters = 600;
constexpr double kLeastScore = 0.2;
// As in appeals (docs/experiments/duplicates.md): fingerprints help where words are misspelt.
constexpr double kFingerprintShare = 0.2;

}  // namespace

std::vector<std::string> ProposalTerms(absl::string_view title, absl::string_view text) {
  return text::SearchTerms(absl::StrCat(title, "\n", text::PrefixOf(text, kComparedCharacters)));
}

std::vector<Similar> RankSimilar(absl::Span<const std::string> terms,
                                 absl::Span<const std::vector<std::string>> candidates) {
  const uint64_t fingerprint = text::Fingerprint(terms);
  std::vector<Similar> similar;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const double wording = text::TermSimilarity(terms, candidates[i]);
    // What shares no word is never similar, however alike the letters are.
    if (wording == 0) continue;
    const double letters =
        text::FingerprintSimilarity(fingerprint, text::Fingerprint(candidates[i]));
    const double score = (1 - kFingerprintShare) * wording + kFingerprintShare * letters;
    if (score >= kLeastScore) similar.push_back({i, std::min(score, 1.0)});
  }
  std::stable_sort(similar.begin(), similar.end(),
                   [](const Similar& a, const Similar& b) { return a.score > b.score; });
  if (similar.size() > kMostSimilarShown) similar.resize(kMostSimilarShown);
  return similar;
}

}  // namespace veche::polling
