#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/combination.h"
#include "services/classification/regression.h"

namespace veche::classification {

// What the places are counted from.
struct PlacedLabels {
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  uint32_t place = 0;  // 0: not known
};

// By topic: the department that answers for it unless a city says otherwise; kNoLabel if none.
using DefaultDepartments = std::vector<int32_t>;

// What each place is known for, as far as its texts tell: few texts make a place like all others.
// `names[0]` is "" and stands for all places together.
std::vector<Place> CountPlaces(absl::Span<const PlacedLabels* const> texts,
                               const std::vector<std::string>& names,
                               const std::array<size_t, kHeads>& labels,
                               const DefaultDepartments& defaults);

}  // namespace veche::classification
