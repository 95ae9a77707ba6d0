#include "services/classification/model/combination.h"

#include <algorithm>
#include <cmath>

namespace veche::classification {
namespace {

constexpr float kNothing = -30.0f;   // log of a probability that is practically zero
constexpr float kUnheardOf = 1e-3f;  // P(department | topic) where it was never seen
constexpr float kSurest = 1.0f - 1e-5f;

void Softmax(std::vector<float>& logits) {
  const float highest = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (float& logit : logits) sum += logit = std::exp(logit - highest);
  for (float& logit : logits) logit /= sum;
}

float Adjusted(const Confidence& confidence, float probability) {
  const float p = std::clamp(probability, 1e-5f, kSurest);
  const float logit = confidence.slope * std::log(p / (1 - p)) + confidence.offset;
  return 1 / (1 + std::exp(-logit));
}

size_t First(const std::vector<float>& probabilities) {
  return static_cast<size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                             probabilities.begin());
}

// The lowest probability that the first label can have and stay first, when the others share the
// difference.
float LowestFirst(float first, float second, float sum) {
  const float others = sum - first;
  if (others <= 0 || second <= 0) return 0;
  // p = second / others * (sum - p)
  const float share = second / others;
  return 1.0001f * share * sum / (1 + share);
}

// Sets the probability of the first label and scales the others.
void MoveFirst(const Confidence& confidence, std::vector<float>& probabilities) {
  const size_t first = First(probabilities);
  float second = 0;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    if (i != first) second = std::max(second, probabilities[i]);
  }
  const float before = probabilities[first];
  if (before >= kSurest) return;
  const float after = std::clamp(Adjusted(confidence, before),
                                 std::min(LowestFirst(before, second, 1), kSurest), kSurest);
  const float factor = (1 - after) / (1 - before);
  for (float& probability : probabilities) probability *= factor;
  probabilities[first] = after;
}

// Sets the probability of the first topic within its group; the group keeps its probability.
void MoveFirstTopic(const Combination& combination, Prediction& prediction) {
  std::vector<float>& topics = prediction.probabilities[kTopic];
  const size_t first = First(topics);
  const uint32_t group = combination.group_of[first];
  const float sum = prediction.groups()[group];
  float beside = 0, elsewhere = 0;
  for (size_t i = 0; i < topics.size(); ++i) {
    if (i == first) continue;
    float& second = combination.group_of[i] == group ? beside : elsewhere;
    second = std::max(second, topics[i]);
  }
  const float before = topics[first];
  const float others = sum - before;
  if (others <= 1e-6f) return;
  const float highest = sum * kSurest;
  const float lowest =
      std::min(highest, std::max(LowestFirst(before, beside, sum), elsewhere * 1.0001f));
  const float after = std::clamp(Adjusted(combination.confidence[kTopic], before), lowest, highest);
  const float factor = (sum - after) / others;
  for (size_t i = 0; i < topics.size(); ++i) {
    if (combination.group_of[i] == group) topics[i] *= factor;
  }
  topics[first] = after;
}

}  // namespace

void SumTopics(absl::Span<const float> logits, absl::Span<const uint32_t> group_of,
               std::vector<float>& sums) {
  const float highest = *std::max_element(logits.begin(), logits.end());
  std::fill(sums.begin(), sums.end(), 0.0f);
  for (size_t i = 0; i < logits.size(); ++i) {
    sums[group_of[i]] += std::exp(std::max(logits[i] - highest, kNothing));
  }
  for (float& sum : sums) sum = sum > 0 ? std::log(sum) + highest : highest + kNothing;
}

void ExpectDepartments(const Place& place, absl::Span<const float> topics,
                       std::vector<float>& logs) {
  std::fill(logs.begin(), logs.end(), kUnheardOf);
  for (size_t topic = 0; topic < topics.size(); ++topic) {
    const float* shares = place.departments.data() + topic * logs.size();
    for (size_t i = 0; i < logs.size(); ++i) logs[i] += topics[topic] * shares[i];
  }
  for (float& value : logs) value = std::log(value);
}

void CombineRaw(const Combination& combination, const Scores& scores, size_t place_index,
                Prediction& prediction) {
  const Place& place = combination.places[place_index];
  std::vector<float>& topics = prediction.probabilities[kTopic];
  std::vector<float>& groups = prediction.probabilities[kGroup];
  std::vector<float>& departments = prediction.probabilities[kDepartment];
  for (size_t head = 0; head < kHeads; ++head) {
    prediction.probabilities[head].resize(combination.bias[head].size());
  }
  for (size_t i = 0; i < topics.size(); ++i) {
    topics[i] = combination.topic[0] * scores[kTopic][i] + combination.topic[1] * place.topics[i] +
                combination.bias[kTopic][i];
  }
  SumTopics(topics, combination.group_of, groups);
  // P(topic | group) first, because it needs the sums.
  for (size_t i = 0; i < topics.size(); ++i) {
    topics[i] = std::exp(topics[i] - groups[combination.group_of[i]]);
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i] = combination.group[1] * groups[i] + combination.group[2] * place.groups[i] +
                combination.bias[kGroup][i];
    if (!scores[kGroup].empty()) groups[i] += combination.group[0] * scores[kGroup][i];
  }
  Softmax(groups);
  for (size_t i = 0; i < topics.size(); ++i) topics[i] *= groups[combination.group_of[i]];
  ExpectDepartments(place, topics, departments);
  for (size_t i = 0; i < departments.size(); ++i) {
    departments[i] = combination.department[1] * departments[i] + combination.bias[kDepartment][i];
    if (!scores[kDepartment].empty()) {
      departments[i] += combination.department[0] * scores[kDepartment][i];
    }
  }
  Softmax(departments);
}

void AdjustGroups(const Combination& combination, Prediction& prediction) {
  std::vector<float>& topics = prediction.probabilities[kTopic];
  std::vector<float>& groups = prediction.probabilities[kGroup];
  // P(topic | group) does not change.
  for (size_t i = 0; i < topics.size(); ++i) {
    topics[i] /= std::max(groups[combination.group_of[i]], 1e-30f);
  }
  MoveFirst(combination.confidence[kGroup], groups);
  for (size_t i = 0; i < topics.size(); ++i) topics[i] *= groups[combination.group_of[i]];
}

void Combine(const Combination& combination, const Scores& scores, size_t place,
             Prediction& prediction) {
  CombineRaw(combination, scores, place, prediction);
  AdjustGroups(combination, prediction);
  MoveFirstTopic(combination, prediction);
  MoveFirst(combination.confidence[kDepartment], prediction.probabilities[kDepartment]);
}

}  // namespace veche::classification
