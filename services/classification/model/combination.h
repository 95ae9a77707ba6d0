#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

// Turns the linear scores of a text into probabilities of topics, groups and departments that are
// consistent with each other.

namespace veche::classification {

// The heads of a model, in this order everywhere.
enum Head : size_t { kTopic = 0, kGroup = 1, kDepartment = 2 };
inline constexpr size_t kHeads = 3;

// The probabilities for a text, by head, in the order of the head's labels. Each head sums to one;
// the topics of a group sum to the group.
struct Prediction {
  std::array<std::vector<float>, kHeads> probabilities;

  const std::vector<float>& topics() const { return probabilities[kTopic]; }
  const std::vector<float>& groups() const { return probabilities[kGroup]; }
  const std::vector<float>& departments() const { return probabilities[kDepartment]; }
};

// The label statistics of a place (a city, a district, a channel).
struct Place {
  std::string name;                // as in the training data; "": all places together
  std::vector<float> topics;       // log of the topic's frequency here against all places
  std::vector<float> groups;       // the same for groups
  std::vector<float> departments;  // [topic][department]: P(department | topic) here
};

// Calibrates the first answer (Platt scaling): logit(p) becomes slope * logit(p) + offset.
struct Confidence {
  float slope = 1;
  float offset = 0;
};

// How scores become probabilities; fitted on held-out texts.
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
  std::vector<Place> places;       // the first has the name ""
};

// The scores of the labels, by head; empty for a head without weights.
using Scores = std::array<absl::Span<const float>, kHeads>;

// REQUIRES: sizes agree; `place` is an index of `places`. Reuses the memory of `prediction`.
void Combine(const Combination& combination, const Scores& scores, size_t place,
             Prediction& prediction);

// Combine without the calibration of the first answers.
void CombineRaw(const Combination& combination, const Scores& scores, size_t place,
                Prediction& prediction);

// For each group the log of the sum of exp(logit) over its topics; -30 for a group without topics.
void SumTopics(absl::Span<const float> logits, absl::Span<const uint32_t> group_of,
               std::vector<float>& sums);

// Calibrates the first group and scales the topics accordingly.
void AdjustGroups(const Combination& combination, Prediction& prediction);

// For each department the log of its probability, averaged over the topics.
void ExpectDepartments(const Place& place, absl::Span<const float> topics,
                       std::vector<float>& logs);

}  // namespace veche::classification
