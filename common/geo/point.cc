#include "common/geo/point.h"

#include <s2/s2cap.h>
#include <s2/s2cell_id.h>
#include <s2/s2cell_union.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2region_coverer.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace veche::geo {
namespace {

// Wider than the rounding of a point to its leaf cell.
constexpr double kMarginDegrees = 1e-6;
constexpr double kMarginMeters = 0.1;

bool ValidLatitude(double degrees) { return degrees >= -90 && degrees <= 90; }
bool ValidLongitude(double degrees) { return degrees >= -180 && degrees <= 180; }

S2LatLng ToS2(const LatLng& point) {
  return S2LatLng::FromDegrees(point.latitude, point.longitude);
}

// The first leaf of a cell follows the last leaf of its neighbour at a distance of two: ids of
// leaves are odd.
std::vector<CellRange> ToRanges(const S2CellUnion& cells) {
  std::vector<CellRange> ranges;
  for (S2CellId cell : cells) {
    ranges.push_back({.first = static_cast<int64_t>(cell.range_min().id()),
                      .last = static_cast<int64_t>(cell.range_max().id())});
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const CellRange& a, const CellRange& b) { return a.first < b.first; });
  std::vector<CellRange> merged;
  for (const CellRange& range : ranges) {
    if (!merged.empty() && merged.back().last >= range.first - 2) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

std::vector<CellRange> CoverRegion(const S2Region& region, int max_ranges) {
  S2RegionCoverer::Options options;
  options.set_max_cells(max_ranges);
  return ToRanges(S2RegionCoverer(options).GetCovering(region));
}

}  // namespace

bool IsValid(const LatLng& point) {
  return ValidLatitude(point.latitude) && ValidLongitude(point.longitude);
}

void Validate(const LatLng& point, absl::string_view prefix, Violations& violations) {
  if (!ValidLatitude(point.latitude)) {
    violations.Add(absl::StrCat(prefix, "latitude"), "Give degrees from -90 to 90.");
  }
  if (!ValidLongitude(point.longitude)) {
    violations.Add(absl::StrCat(prefix, "longitude"), "Give degrees from -180 to 180.");
  }
}

double DistanceMeters(const LatLng& a, const LatLng& b) {
  return S2Earth::GetDistanceMeters(ToS2(a), ToS2(b));
}

int64_t CellId(const LatLng& point) { return static_cast<int64_t>(S2CellId(ToS2(point)).id()); }

bool Box::Contains(const LatLng& point) const {
  if (point.latitude < south || point.latitude > north) return false;
  if (west <= east) return point.longitude >= west && point.longitude <= east;
  return point.longitude >= west || point.longitude <= east;
}

std::optional<Box> ParseBox(absl::string_view text, absl::string_view field,
                            Violations& violations) {
  std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  double numbers[4] = {};
  bool read = parts.size() == 4;
  for (size_t i = 0; read && i < 4; ++i) read = absl::SimpleAtod(parts[i], &numbers[i]);
  if (!read) {
    violations.Add(field, "Give four numbers, \"west,south,east,north\", in degrees.");
    return std::nullopt;
  }
  Box box{.west = numbers[0], .south = numbers[1], .east = numbers[2], .north = numbers[3]};
  if (!ValidLongitude(box.west) || !ValidLongitude(box.east)) {
    violations.Add(field, "West and east are degrees from -180 to 180.");
    return std::nullopt;
  }
  if (!ValidLatitude(box.south) || !ValidLatitude(box.north) || box.south > box.north) {
    violations.Add(field, "South and north are degrees from -90 to 90, south not above north.");
    return std::nullopt;
  }
  return box;
}

std::vector<CellRange> Cover(const Box& box, int max_ranges) {
  S2LatLngRect rect(S2LatLng::FromDegrees(box.south, box.west),
                    S2LatLng::FromDegrees(box.north, box.east));
  return CoverRegion(rect.Expanded(S2LatLng::FromDegrees(kMarginDegrees, kMarginDegrees)),
                     max_ranges);
}

std::vector<CellRange> CoverCircle(const LatLng& center, double radius_meters, int max_ranges) {
  double radius = std::max(radius_meters, 0.0) + kMarginMeters;
  S1Angle angle = S1Angle::Radians(std::min(S2Earth::MetersToRadians(radius), M_PI));
  return CoverRegion(S2Cap(ToS2(center).ToPoint(), angle), max_ranges);
}

}  // namespace veche::geo
