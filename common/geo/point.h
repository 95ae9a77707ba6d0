#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

// Points, boxes and the cells that make them searchable by an ordinary index. All functions are
// pure and thread-safe.

namespace veche::geo {

// A point in WGS 84, in degrees.
struct LatLng {
  double latitude = 0;
  double longitude = 0;
  friend bool operator==(const LatLng&, const LatLng&) = default;
};

// Whether both are finite and inside -90..90 and -180..180.
bool IsValid(const LatLng& point);
// Adds a violation of `prefix`latitude, `prefix`longitude for each that is not ("location.").
void Validate(const LatLng& point, absl::string_view prefix, Violations& violations);

// Along the great circle of a sphere (radius 6,371,010 m): off by at most 0.6 %.
double DistanceMeters(const LatLng& a, const LatLng& b);

// The S2 leaf cell (about 1 cm) of a valid point, as a BIGINT. Near points mostly have near ids:
// store it in an indexed column and scan the ranges of a covering.
int64_t CellId(const LatLng& point);

// Cell ids first..last, both included.
struct CellRange {
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const CellRange&, const CellRange&) = default;
};

// A box of latitudes and longitudes; west > east crosses the antimeridian.
struct Box {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;

  bool Contains(const LatLng& point) const;  // its edges included
  friend bool operator==(const Box&, const Box&) = default;
};

// Parses "west,south,east,north" in degrees; adds a violation of `field` and returns nothing when
// the text is something else.
std::optional<Box> ParseBox(absl::string_view text, absl::string_view field,
                            Violations& violations);

// Ascending ranges that do not touch and that hold every point of the box or circle, and some
// beside it: check found points exactly. At most `max_ranges` of them. REQUIRES: max_ranges >= 6.
std::vector<CellRange> Cover(const Box& box, int max_ranges = 12);
std::vector<CellRange> CoverCircle(const LatLng& center, double radius_meters, int max_ranges = 8);

}  // namespace veche::geo
