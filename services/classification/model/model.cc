#include "services/classification/model/model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/classification/domain/transliteration.h"

namespace veche::classification {
namespace {

Weights MakeWeights(const Model::Parts& parts, const Vocabulary& vocabulary) {
  return {.layout = parts.layout,
          .vocabulary = &vocabulary,
          .rows = parts.rows,
          .scales = parts.scales,
          .biases = parts.biases};
}

Scores SplitScores(const Layout& layout, const std::vector<float>& sums) {
  Scores scores;
  for (size_t head = 0; head < kHeads; ++head) {
    scores[head] =
        absl::MakeConstSpan(sums).subspan(layout.heads[head].begin, layout.heads[head].count);
  }
  return scores;
}

// The contribution of a row to each topic: the weights of topic and group, less the mean.
std::vector<float> TopicWeights(const Model::Parts& parts, uint32_t index) {
  const Combination& combination = parts.combination;
  const int8_t* row = parts.rows.data() + size_t{index} * parts.layout.stride;
  const Columns& groups = parts.layout.heads[kGroup];
  std::vector<float> weights(parts.labels[kTopic].size());
  float sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    weights[i] = combination.topic[0] * static_cast<float>(row[i]);
    if (groups.count > 0) {
      weights[i] +=
          combination.group[0] * static_cast<float>(row[groups.begin + combination.group_of[i]]);
    }
    sum += weights[i] *= parts.scales[index];
  }
  for (float& weight : weights) weight -= sum / static_cast<float>(weights.size());
  return weights;
}

}  // namespace

Model::Content::Content(Parts new_parts, absl::string_view new_bytes, std::string new_version,
                        std::shared_ptr<const void> new_owner)
    : parts(std::move(new_parts)),
      bytes(new_bytes),
      version(std::move(new_version)),
      owner(std::move(new_owner)),
      vocabulary(parts.hashes, parts.rarity),
      scorer(MakeWeights(parts, vocabulary)) {}

Model::Model(Parts parts, absl::string_view bytes, std::string version,
             std::shared_ptr<const void> owner)
    : content_(std::make_shared<const Content>(std::move(parts), bytes, std::move(version),
                                               std::move(owner))) {}

size_t Model::FindPlace(absl::Span<const std::string> names) const {
  const std::vector<Place>& places = parts().combination.places;
  for (const std::string& name : names) {
    for (size_t i = 1; i < places.size(); ++i) {
      if (places[i].name == name) return i;
    }
  }
  return 0;
}

absl::string_view Model::Read(absl::string_view text, ScoredText& scored,
                              std::string& buffer) const {
  content_->scorer.Score(text, scored);
  if (scored.latin * 2 <= scored.words) return text;
  buffer = Transliterate(text);
  ScoredText other;
  content_->scorer.Score(buffer, other);
  // A few English words that are also Russian when transliterated do not make a text Russian.
  if (other.known <= scored.known) return text;
  scored = std::move(other);
  return buffer;
}

void Model::Predict(absl::string_view text, size_t place, Prediction& prediction) const {
  thread_local ScoredText scored;
  thread_local std::string buffer;
  Read(text, scored, buffer);
  Combine(parts().combination, SplitScores(parts().layout, scored.scores), place, prediction);
}

Prediction Model::Predict(absl::string_view text) const {
  Prediction prediction;
  Predict(text, 0, prediction);
  return prediction;
}

Model::Explanation Model::Explain(absl::string_view text, absl::Span<const size_t> topics) const {
  ScoredText scored;
  std::string buffer;
  const absl::string_view reading = Read(text, scored, buffer);
  const FeatureText read = ExtractFeatures(reading);
  Explanation explanation;
  for (const Token& token : read.tokens) {
    explanation.words.emplace_back(token.original);
    explanation.folded.push_back(token.folded);
  }
  if (reading.data() != text.data()) {  // show the original words, if they still match one by one
    const FeatureText written = ExtractFeatures(text);
    if (written.tokens.size() == read.tokens.size()) {
      for (size_t i = 0; i < written.tokens.size(); ++i) {
        explanation.words[i] = std::string(written.tokens[i].original);
      }
    }
  }
  explanation.contributions.assign(topics.size(), std::vector<double>(read.tokens.size(), 0.0));
  std::array<double, 2> squares = {0, 0};
  for (const Feature& feature : read.features) {
    const uint32_t index = content_->vocabulary.Find(feature.hash);
    if (index == Vocabulary::kAbsent) continue;
    const float value = parts().rarity[index] * PositionWeight(feature.last_token);
    squares[feature.hash & 1] += double{value} * value;
  }
  for (const Feature& feature : read.features) {
    const uint32_t index = content_->vocabulary.Find(feature.hash);
    if (index == Vocabulary::kAbsent) continue;
    const size_t block = feature.hash & 1;
    const double value = parts().rarity[index] * PositionWeight(feature.last_token) /
                         std::sqrt(squares[block]) * (block == 1 ? kLetterShare : 1.0f);
    const std::vector<float> weights = TopicWeights(parts(), index);
    for (size_t k = 0; k < topics.size(); ++k) {
      const double share =
          value * weights[topics[k]] / 2;  // for each of its two words, or twice for one
      explanation.contributions[k][feature.first_token] += share;
      explanation.contributions[k][feature.last_token] += share;
    }
  }
  return explanation;
}

bool Model::Trained(absl::string_view text) const {
  return std::binary_search(parts().fingerprints.begin(), parts().fingerprints.end(),
                            Fingerprint(text));
}

std::vector<Ranked> Best(absl::Span<const float> probabilities, size_t count) {
  std::vector<Ranked> ranked(probabilities.size());
  for (size_t i = 0; i < ranked.size(); ++i) ranked[i] = {i, probabilities[i]};
  count = std::min(count, ranked.size());
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count),
                    ranked.end(), [](const Ranked& left, const Ranked& right) {
                      if (left.probability != right.probability) {
                        return left.probability > right.probability;
                      }
                      return left.label < right.label;
                    });
  ranked.resize(count);
  return ranked;
}

uint64_t Fingerprint(absl::string_view text) {
  WordReader reader(text);
  Word word;
  uint64_t state = 0x9e3779b97f4a7c15ull;
  while (reader.Next(word)) state = (state ^ WordKey(word)) * 0xff51afd7ed558ccdull;
  return state ^ (state >> 32);
}

}  // namespace veche::classification
