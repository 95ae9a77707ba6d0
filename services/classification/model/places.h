#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/model/combination.h"
#include "services/classification/model/regression.h"

namespace veche::classification {

// What the places are counted from.
struct PlacedLabels {
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  uint32_t place = 0;  // the most exact that is known; 0: none
  std::vector<uint32_t> wider = {};
};

// A point of WGS 84, in degrees.
struct Point {
  double latitude = 0;
  double longitude = 0;
};

// What is known of where a text comes from; "" for what is not.
struct TextOrigin {
  std::optional<Point> point = std::nullopt;
  absl::string_view district = {};  // "districts/west" or "west"
  absl::string_view city = {};
  absl::string_view channel = {};  // how it came: "web", "import:crm"
};

// The names that a model knows these by, the most exact first: the piece of the map, about a
// kilometre across, the district, the city, the channel. A point that is none is left out.
std::vector<std::string> PlaceNames(const TextOrigin& origin);

// By topic: the department that answers for it unless a city says otherwise; kNoLabel if none.
using DefaultDepartments = std::vector<int32_t>;

// What each place is known for, as far as its texts tell: few texts make a place like all others.
// `names[0]` is "" and stands for all places together.
std::vector<Place> CountPlaces(absl::Span<const PlacedLabels* const> texts,
                               const std::vector<std::string>& names,
                               const std::array<size_t, kHeads>& labels,
                               const DefaultDepartments& defaults);

}  // namespace veche::classification
