#include "services/classification/model/evidence.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/normalize.h"
#include "common/text/stem.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

constexpr size_t kPro = 5;
constexpr size_t kContra = 3;
constexpr double kWorthTelling = 0.25;  // of the strongest contribution, for words against

bool CanBeShown(const std::string& folded) {
  return !text::IsStopWord(folded) && !absl::ascii_isdigit(folded[0]) && folded.size() > 1;
}

bool IsNegation(const std::string& folded) {
  return folded == "не" || folded == "нет" || folded == "not" || folded == "no";
}

std::string Shown(const std::string& word) {
  return std::string(text::PrefixOf(word, text::kMaxWordCharacters));
}

// The words with the largest sign * contribution above `least`, joined to phrases, strongest first.
std::vector<std::string> Pick(const Model::Explanation& explanation,
                              const std::vector<double>& contributions, double sign, double least,
                              size_t limit) {
  std::vector<size_t> order(contributions.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t left, size_t right) {
    return sign * contributions[left] > sign * contributions[right];
  });
  std::vector<size_t> chosen;
  absl::flat_hash_set<std::string> seen;
  for (size_t i : order) {
    if (chosen.size() == limit || sign * contributions[i] <= least) break;
    const std::string& folded = explanation.folded[i];
    if (CanBeShown(folded) && seen.insert(text::Stem(folded)).second) chosen.push_back(i);
  }
  // A phrase is ranked by its strongest word.
  std::vector<std::string> phrases;
  std::vector<bool> taken(contributions.size(), false);
  const auto is_chosen = [&](size_t i) {
    return std::find(chosen.begin(), chosen.end(), i) != chosen.end();
  };
  for (size_t i : chosen) {
    if (taken[i]) continue;
    size_t first = i;
    while (first > 0 && is_chosen(first - 1)) --first;
    if (first > 0 && IsNegation(explanation.folded[first - 1])) --first;
    size_t last = i;
    while (last + 1 < contributions.size() && is_chosen(last + 1)) ++last;
    std::string phrase = Shown(explanation.words[first]);
    for (size_t k = first; k <= last; ++k) {
      taken[k] = true;
      if (k > first) absl::StrAppend(&phrase, " ", Shown(explanation.words[k]));
    }
    phrases.push_back(std::move(phrase));
  }
  return phrases;
}

}  // namespace

Evidence MakeEvidence(const Model::Explanation& explanation, size_t topic) {
  const std::vector<double>& contributions = explanation.contributions[topic];
  double strongest = 0;
  for (double contribution : contributions) strongest = std::max(strongest, contribution);
  return {.pro = Pick(explanation, contributions, 1, 0, kPro),
          .contra = Pick(explanation, contributions, -1, kWorthTelling * strongest, kContra)};
}

}  // namespace veche::classification
