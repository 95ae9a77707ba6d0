#pragma once

#include <vector>

#include "common/geo/boundary.h"

namespace veche::geo {

// Closed: the last position repeats the first. Longitudes continue across the antimeridian instead
// of jumping by 360, so an edge is a straight line in degrees, as in RFC 7946.
using Ring = std::vector<LatLng>;

// The outer ring and the holes, in any direction.
struct Polygon {
  std::vector<Ring> rings;
  Box bounds;  // west in -180..180; east >= west, above 180 across the antimeridian
};

// One polygon for each polygon of the geometry, so that polygons of a MultiPolygon may touch or
// overlap.
struct Boundary::Shape {
  std::vector<Polygon> polygons;
};

// The longitude of a point in the range that `polygon` uses, which may exceed 180.
inline double LongitudeIn(const Polygon& polygon, double longitude) {
  return longitude < polygon.bounds.west ? longitude + 360 : longitude;
}

// Whether the ray from `point` to the east crosses the edge a-b. A polygon contains the points
// whose rays cross its edges an odd number of times. An edge includes its southern end, excludes
// its northern end, and is always evaluated from south to north. So two polygons that share an edge
// agree on which side of it a point is, and of polygons that fill a plane exactly one contains a
// point on their borders.
inline bool RayCrosses(const LatLng& point, const LatLng& a, const LatLng& b) {
  if ((a.latitude <= point.latitude) == (b.latitude <= point.latitude)) return false;
  const LatLng& south = a.latitude < b.latitude ? a : b;
  const LatLng& north = a.latitude < b.latitude ? b : a;
  return (north.longitude - south.longitude) * (point.latitude - south.latitude) >
         (point.longitude - south.longitude) * (north.latitude - south.latitude);
}

}  // namespace veche::geo
