#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/combination.h"
#include "services/classification/model/places.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {

// The labels of all examples as numbers.
struct LabelSets {
  std::array<std::vector<std::string>, kHeads> labels;  // sorted
  std::array<size_t, kHeads> labelled{};                // examples that have one
  std::vector<uint32_t> group_of;                       // topic → group
  DefaultDepartments defaults;
  std::vector<std::string> places;  // the first is ""
  std::vector<PlacedLabels> examples;
};

// Numbers the labels. Where no example names a department, the topics' usual ones are the labels.
// Places that few examples have count as not known.
LabelSets NumberLabels(absl::Span<const Example* const> examples);

}  // namespace veche::classification
