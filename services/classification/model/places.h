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

// The labels and places of a text, from which places are counted.
struct PlacedLabels {
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  uint32_t place = 0;  // index of the most exact known place; 0: none
  std::vector<uint32_t> wider = {};
};

// A point of WGS 84, in degrees.
struct Point {
  double latitude = 0;
  double longitude = 0;
};

// Where a text comes from; "" for unknown.
struct TextOrigin {
  std::optional<Point> point = std::nullopt;
  absl::string_view district = {};  // "districts/west" or "west"
  absl::string_view city = {};
  absl::string_view channel = {};  // "web", "import:crm"
};

// The names of the text's places, the most exact first: the map cell, about a kilometre wide, the
// district, the city, the channel. An invalid point is left out.
std::vector<std::string> PlaceNames(const TextOrigin& origin);

// By topic: the usual department; kNoLabel if there is none.
using DefaultDepartments = std::vector<int32_t>;

// Counts the statistics of each place, shrunk towards those of all places where texts are few.
// names[0] is "", all places together.
std::vector<Place> CountPlaces(absl::Span<const PlacedLabels* const> texts,
                               const std::vector<std::string>& names,
                               const std::array<size_t, kHeads>& labels,
                               const DefaultDepartments& defaults);

}  // namespace veche::classification
