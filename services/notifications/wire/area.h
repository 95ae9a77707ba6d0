#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/geo/point.h"
#include "google/protobuf/struct.pb.h"

// The polygons of an alert's area, between GeoJSON and lists of points.

namespace veche::notifications {

using GeoRing = std::vector<geo::LatLng>;  // closed: the last point repeats the first

// The outer rings of a GeoJSON Polygon or MultiPolygon in the form of AlertContent::area; nothing
// for "" or another text.
std::vector<GeoRing> OuterRings(absl::string_view area);
// A MultiPolygon of polygons without holes, or a Polygon for one; checks nothing.
google::protobuf::Struct AreaOf(const std::vector<GeoRing>& rings);

}  // namespace veche::notifications
