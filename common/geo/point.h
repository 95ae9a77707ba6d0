#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

// Points and boxes. All functions are pure and thread-safe.

namespace veche::geo {

// The mean radius of the earth.
inline constexpr double kEarthRadiusMeters = 6'371'010;

// A point in WGS 84, in degrees.
struct LatLng {
  double latitude = 0;
  double longitude = 0;
  friend bool operator==(const LatLng&, const LatLng&) = default;
};

// Whether the latitude is in -90..90 and the longitude in -180..180 (both finite).
bool IsValid(const LatLng& point);
// Adds a violation for each coordinate that is not valid. The violation's field is `prefix`, like
// "location.", followed by "latitude" or "longitude".
void Validate(const LatLng& point, absl::string_view prefix, Violations& violations);
// The point of coordinates that a client may have left out; nothing when both are absent. Adds a
// violation, as Validate does, for one coordinate without the other and for each out of range.
std::optional<LatLng> PointFrom(std::optional<double> latitude, std::optional<double> longitude,
                                absl::string_view prefix, Violations& violations);
// PointFrom for a message with the fields `optional double latitude, longitude`.
template <typename Message>
std::optional<LatLng> PointIn(const Message& message, absl::string_view prefix,
                              Violations& violations) {
  return PointFrom(message.has_latitude() ? std::optional(message.latitude()) : std::nullopt,
                   message.has_longitude() ? std::optional(message.longitude()) : std::nullopt,
                   prefix, violations);
}

// The distance along the great circle of a sphere with kEarthRadiusMeters; at most 0.6 % wrong.
double DistanceMeters(const LatLng& a, const LatLng& b);

// A box in degrees. A box with west > east crosses the antimeridian.
struct Box {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;

  bool Contains(const LatLng& point) const;  // edges included
  friend bool operator==(const Box&, const Box&) = default;
};

// Parses "west,south,east,north" in degrees; adds a violation of `field` and returns nothing when
// `text` has another form.
std::optional<Box> ParseBox(absl::string_view text, absl::string_view field,
                            Violations& violations);

// The box that contains a circle on the sphere, with a margin of 0.1 m; all longitudes when a pole
// is inside. A negative radius counts as 0.
Box BoxAround(const LatLng& center, double radius_meters);

}  // namespace veche::geo
