#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

// From the linear scores of a text to probabilities of topics, groups and departments that agree
// with each other.

namespace veche::classification {

// What a model answers, in this order everywhere.
enum Head : size_t { kTopic = 0, kGroup = 1, kDepartment = 2 };
inline constexpr size_t kHeads = 3;

// What a model answers for a text: by head, in the order of its labels; each sums to one. Topics
// of a group sum to the group.
struct Prediction {
  std::array<std::vector<float>, kHeads> probabilities;

  const std::vector<float>& topics() const { return probabilities[kTopic]; }
  const std::vector<float>& groups() const { return probabilities[kGroup]; }
  const std::vector<float>& departments() const { return probabilities[kDepartment]; }
};

// What a place (a city, a district, a channel) is known for.
struct Place {
  std::string name;                // as in the training data; "" stands for all places together
  std::vector<float> topics;       // log of how much more frequent a topic is than elsewhere
  std::vector<float> groups;       // the same of groups
  std::vector<float> departments;  // [topic][department]: who answers for a topic there
};

// Says how sure a first answer is: logit(p) becomes slope * logit(p) + offset.
struct Confidence {
  float slope = 1;
  float offset = 0;
};

// How scores become probabilities; learnt from texts that the scores had not seen.
//   log P(topic | group) ~ topic score, place, bias
//   log P(group)         ~ group score, sum of its topics' exponentials, place, bias
//   log P(department)    ~ department score, expectation over topics, bias
struct Combination {
  std::array<float, 2> topic = {1, 0};          // factors of: own score, place
  std::array<float, 3> group = {1, 0, 0};       // own score, its topics, place
  std::array<float, 2> department = {0, 1};     // own score, expectation over topics
  std::array<std::vector<float>, kHeads> bias;  // by label
  std::array<Confidence, kHeads> confidence;
  std::vector<uint32_t> group_of;  // topic → group
  std::vector<Place> places;       // the first is the one without a name
};

// The labels' scores by head; a head without scores of its own has an empty span.
using Scores = std::array<absl::Span<const float>, kHeads>;

// REQUIRES: sizes agree; `place` is an index of `places`. Reuses the memory of `prediction`.
void Combine(const Combination& combination, const Scores& scores, size_t place,
             Prediction& prediction);

// The same without the last step, which sets how sure the first answers are.
void CombineRaw(const Combination& combination, const Scores& scores, size_t place,
                Prediction& prediction);

// For each group log of the sum of exp(logit) over its topics; -30 for one without topics.
void SumTopics(absl::Span<const float> logits, absl::Span<const uint32_t> group_of,
               std::vector<float>& sums);

// Moves the group's first answer to its confidence; its topics follow.
void AdjustGroups(const Combination& combination, Prediction& prediction);

// By department: log of its expectation over the topics.
void ExpectDepartments(const Place& place, absl::Span<const float> topics,
                       std::vector<float>& logs);

}  // namespace veche::classification
