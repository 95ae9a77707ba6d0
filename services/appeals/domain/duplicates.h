#pragma once

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/geo/point.h"
#include "services/appeals/domain/appeal.h"

// Which appeals near by say the same. Pure.

namespace veche::appeals {

inline constexpr double kDuplicateRadiusMeters = 300;
inline constexpr int kMostDuplicateCandidates = 200;  // that are looked up
inline constexpr size_t kMostCompared = 50;           // the nearest of them
inline constexpr size_t kMostDuplicates = 5;          // that are shown

struct Duplicate {
  size_t index = 0;  // in `near`
  double score = 0;  // 0..1
  double distance_meters = 0;
};

// Ranks appeals, given nearest first, by distance, shared words (with fingerprints,
// where they are kept, for those that are misspelt) and, among those that share words,
// the category that most of the alike have. Best first, at most five; what shares no word with
// `text` is left out.
std::vector<Duplicate> RankDuplicates(absl::string_view text, const geo::LatLng& location,
                                      absl::Span<const Appeal> near);

}  // namespace veche::appeals
