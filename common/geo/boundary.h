#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/geo/point.h"
#include "google/protobuf/struct.pb.h"

namespace veche::geo {

// A part of the earth's surface: one or more polygons with holes. Edges are straight lines in
// degrees (RFC 7946) and take the shorter way across the antimeridian. Of areas that share all
// vertices of a border, exactly one contains a point on this border. Immutable, thread-safe, cheap
// to copy.
class Boundary {
 public:
  // Reads a GeoJSON geometry (RFC 7946), Polygon or MultiPolygon. The direction of rings does not
  // matter, repeated vertices are dropped. InvalidArgument with reason GEOMETRY_INVALID for
  // anything else; its metadata are the place ("coordinates[0][2]") and the problem (id of a text):
  // other types, open or short rings, rings that cross themselves or each other or go around a
  // pole, holes outside their polygon, more than 100,000 vertices.
  static absl::StatusOr<Boundary> FromGeoJson(const google::protobuf::Struct& geometry);
  // The same from JSON text.
  static absl::StatusOr<Boundary> Parse(absl::string_view geojson);

  bool Contains(const LatLng& point) const;
  // Whether the areas share more than a part of their borders.
  bool Overlaps(const Boundary& other) const;
  double AreaKm2() const;
  // A point inside, for the label of the area: the centre of mass if this is inside, else another
  // point.
  LatLng Label() const;

  struct Shape;  // boundary_shape.h, only for common/geo
  const Shape& shape() const { return *shape_; }

 private:
  explicit Boundary(std::shared_ptr<const Shape> shape) : shape_(std::move(shape)) {}
  std::shared_ptr<const Shape> shape_;
};

}  // namespace veche::geo
