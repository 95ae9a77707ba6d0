#include "common/geo/point.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace veche::geo {
namespace {

constexpr double kRadiansPerDegree = M_PI / 180;
constexpr double kMarginMeters = 0.1;  // more than the rounding error of DistanceMeters

bool ValidLatitude(double degrees) { return degrees >= -90 && degrees <= 90; }
bool ValidLongitude(double degrees) { return degrees >= -180 && degrees <= 180; }

}  // namespace

bool IsValid(const LatLng& point) {
  return ValidLatitude(point.latitude) && ValidLongitude(point.longitude);
}

void Validate(const LatLng& point, absl::string_view prefix, Violations& violations) {
  if (!ValidLatitude(point.latitude)) {
    violations.Add(absl::StrCat(prefix, "latitude"), "LATITUDE");
  }
  if (!ValidLongitude(point.longitude)) {
    violations.Add(absl::StrCat(prefix, "longitude"), "LONGITUDE");
  }
}

std::optional<LatLng> PointFrom(std::optional<double> latitude, std::optional<double> longitude,
                                absl::string_view prefix, Violations& violations) {
  if (!latitude && !longitude) return std::nullopt;
  if (!latitude) {
    violations.Add(absl::StrCat(prefix, "latitude"), "LATITUDE_MISSING");
  }
  if (!longitude) {
    violations.Add(absl::StrCat(prefix, "longitude"), "LONGITUDE_MISSING");
  }
  const LatLng point{latitude.value_or(0), longitude.value_or(0)};
  Validate(point, prefix, violations);
  if (!latitude || !longitude || !IsValid(point)) return std::nullopt;
  return point;
}

// The haversine formula: exact to rounding for near points too.
double DistanceMeters(const LatLng& a, const LatLng& b) {
  const double south_north = std::sin((b.latitude - a.latitude) * kRadiansPerDegree / 2);
  const double west_east = std::sin((b.longitude - a.longitude) * kRadiansPerDegree / 2);
  const double haversine = south_north * south_north +
                           std::cos(a.latitude * kRadiansPerDegree) *
                               std::cos(b.latitude * kRadiansPerDegree) * west_east * west_east;
  return 2 * kEarthRadiusMeters * std::asin(std::sqrt(std::min(haversine, 1.0)));
}

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
    violations.Add(field, "BOX_FORM");
    return std::nullopt;
  }
  Box box{.west = numbers[0], .south = numbers[1], .east = numbers[2], .north = numbers[3]};
  if (!ValidLongitude(box.west) || !ValidLongitude(box.east)) {
    violations.Add(field, "BOX_LONGITUDES");
    return std::nullopt;
  }
  if (!ValidLatitude(box.south) || !ValidLatitude(box.north) || box.south > box.north) {
    violations.Add(field, "BOX_LATITUDES");
    return std::nullopt;
  }
  return box;
}

Box BoxAround(const LatLng& center, double radius_meters) {
  const double angle = (std::max(radius_meters, 0.0) + kMarginMeters) / kEarthRadiusMeters;
  const double degrees = angle / kRadiansPerDegree;
  Box box{.west = -180,
          .south = std::max(center.latitude - degrees, -90.0),
          .east = 180,
          .north = std::min(center.latitude + degrees, 90.0)};
  if (box.south == -90 || box.north == 90) return box;
  // A meridian touches the circle at a point nearer to the pole than the circle's centre.
  const double width = std::asin(std::sin(angle) / std::cos(center.latitude * kRadiansPerDegree)) /
                       kRadiansPerDegree;
  box.west = center.longitude - width;
  box.east = center.longitude + width;
  if (box.west < -180) box.west += 360;
  if (box.east > 180) box.east -= 360;
  return box;
}

}  // namespace veche::geo
