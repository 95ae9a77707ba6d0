#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/combination.h"
#include "services/classification/regression.h"

namespace veche::classification {

// What the places are counted from.
struct PlacedLabels {
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  uint32_t place = 0;  // the most exact that is known; 0: none
  std::vector<uint32_t> wider = {};
};

// The name of the piece of the map, about a kilometre across, that a point of WGS 84 lies in. ""
// for what is no point.
std::string CellName(double latitude, double longitude);
// "west" of "districts/west": data may name a district in either way.
std::string DistrictName(absl::string_view name);

// By topic: the department that answers for it unless a city says otherwise; kNoLabel if none.
using DefaultDepartments = std::vector<int32_t>;

// What each place is known for, as far as its texts tell: few texts make a place like all others.
// `names[0]` is "" and stands for all places together.
std::vector<Place> CountPlaces(absl::Span<const PlacedLabels* const> texts,
                               const std::vector<std::string>& names,
                               const std::array<size_t, kHeads>& labels,
                               const DefaultDepartments& defaults);

}  // namespace veche::classification
