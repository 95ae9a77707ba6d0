#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/combination.h"
#include "services/classification/model/places.h"
#include "services/classification/training/example.h"

namespace veche::classification {

// The labels and places of all examples, numbered.
struct LabelSets {
  std::array<std::vector<std::string>, kHeads> labels;  // sorted
  std::array<size_t, kHeads> labelled{};                // number of examples with a label
  std::vector<uint32_t> group_of;                       // topic → group
  DefaultDepartments defaults;
  std::vector<std::string> places;  // the first is ""
  std::vector<PlacedLabels> examples;
};

// Numbers the labels and places. If no example has a department, the usual departments of the
// topics are the labels. Places with few examples count as unknown.
LabelSets NumberLabels(absl::Span<const Example* const> examples);

}  // namespace veche::classification
