#pragma once

#include <vector>

#include "common/geo/boundary.h"

namespace veche::geo {

// Closed: the last position repeats the first. Longitudes run on over the antimeridian instead of
// jumping by 360, so an edge is a straight line in degrees, as RFC 7946 has it.
using Ring = std::vector<LatLng>;

// The outer ring and the holes, in any direction.
struct Polygon {
  std::vector<Ring> rings;
  Box bounds;  // west from -180 to 180, east from west on, beyond 180 when that is crossed
};

// One polygon for each of the geometry, so that those of a MultiPolygon may touch or overlap.
struct Boundary::Shape {
  std::vector<Polygon> polygons;
};

// The longitude of a point as `polygon` counts it.
inline double LongitudeIn(const Polygon& polygon, double longitude) {
  return longitude < polygon.bounds.west ? longitude + 360 : longitude;
}

// Whether the ray from `point` to the east crosses the edge a-b. A polygon holds the points whose
// rays cross its edges an odd number of times. An edge has its southern end and not its northern,
// and is looked at from south to north: so two polygons that share an edge agree on which side a
// point is, and of polygons that fill a plane exactly one holds a point on their borders.
inline bool RayCrosses(const LatLng& point, const LatLng& a, const LatLng& b) {
  if ((a.latitude <= point.latitude) == (b.latitude <= point.latitude)) return false;
  const LatLng& south = a.latitude < b.latitude ? a : b;
  const LatLng& north = a.latitude < b.latitude ? b : a;
  return (north.longitude - south.longitude) * (point.latitude - south.latitude) >
         (point.longitude - south.longitude) * (north.latitude - south.latitude);
}

}  // namespace veche::geo
