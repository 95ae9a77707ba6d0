#include "services/classification/classifier.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/normalize.h"
#include "common/text/stem.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

constexpr size_t kCandidates = 3;
constexpr size_t kEvidence = 5;

// Words that tell a person nothing, whatever they weigh.
bool CanBeShown(const text::Token& token) {
  return !text::IsStopWord(token.folded) && !absl::ascii_isdigit(token.folded[0]);
}

// The words that speak loudest.
std::vector<std::string> Evidence(const FeatureText& text,
                                  const std::vector<double>& contributions) {
  std::vector<size_t> order(text.tokens.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&contributions](size_t left, size_t right) {
    return contributions[left] > contributions[right];
  });
  std::vector<std::string> words;
  absl::flat_hash_set<std::string> seen;
  for (size_t i : order) {
    if (words.size() == kEvidence || contributions[i] <= 0) break;
    const text::Token& token = text.tokens[i];
    if (!CanBeShown(token) || !seen.insert(text::Stem(token.folded)).second) continue;
    words.emplace_back(text::PrefixOf(token.original, text::kMaxWordCharacters));
  }
  return words;
}

}  // namespace

absl::StatusOr<Classifier> Classifier::Create(Model model) {
  std::vector<const Topic*> topics;
  for (const std::string& label : model.labels()) {
    topics.push_back(FindTopic(label));
    if (topics.back() == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the model knows the topic \"", label, "\", this program does not"));
    }
  }
  return Classifier(std::move(model), std::move(topics));
}

Suggestion Classifier::Suggest(absl::string_view text) const {
  Suggestion suggestion;
  suggestion.language = text::GuessLanguage(text);
  const FeatureText features = ExtractFeatures(text);
  const std::vector<ScoredTopic> best = Best(model_.Probabilities(features), kCandidates);
  std::vector<size_t> labels;
  for (const ScoredTopic& scored : best) labels.push_back(scored.label);
  const auto contributions = model_.Contributions(features, labels);
  for (size_t i = 0; i < best.size(); ++i) {
    suggestion.candidates.push_back(
        {topics_[best[i].label], best[i].probability, Evidence(features, contributions[i])});
  }
  const Candidate& first = suggestion.candidates.front();
  suggestion.confident =
      !first.evidence.empty() && first.probability >= model_.parts().confident_from;
  suggestion.emergency = DefaultEmergencyRules().Find(text);
  if (suggestion.emergency) {
    suggestion.priority = Priority::kEmergency;
    suggestion.advice = std::string(
        DefaultEmergencyRules().Advice(suggestion.emergency->kind, suggestion.language));
  } else {
    suggestion.priority = DefaultPriorityRules().Judge(first.topic->id, text);
  }
  return suggestion;
}

}  // namespace veche::classification
