#pragma once

#include <s2/s2polygon.h>

#include <memory>
#include <vector>

#include "common/geo/boundary.h"

namespace veche::geo {

// S2's polygons, one for each polygon of the geometry, so that those of a MultiPolygon may touch or
// overlap. Kept out of boundary.h: S2's headers bring macros of their own.
struct Boundary::Shape {
  std::vector<std::unique_ptr<S2Polygon>> polygons;
};

}  // namespace veche::geo
