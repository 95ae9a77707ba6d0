#include "common/geo/boundary.h"

#include <algorithm>
#include <boost/geometry/algorithms/centroid.hpp>
#include <boost/geometry/algorithms/correct.hpp>
#include <boost/geometry/algorithms/is_valid.hpp>
#include <boost/geometry/algorithms/relate.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/geo/boundary_shape.h"
#include "google/protobuf/util/json_util.h"

namespace veche::geo {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using FlatPolygon = bg::model::polygon<Point>;

constexpr size_t kMaxVertices = 100'000;
constexpr double kRadiansPerDegree = M_PI / 180;

absl::Status Refuse(absl::string_view place, const Text& problem) {
  return MakeError(absl::StatusCode::kInvalidArgument, "geo", "GEOMETRY_INVALID",
                   {{"place", place}, {"problem", problem.id}});
}

std::string Item(absl::string_view path, int index) { return absl::StrCat(path, "[", index, "]"); }

absl::StatusOr<const ListValue*> AsList(const Value& value, absl::string_view path) {
  if (!value.has_list_value()) return Refuse(path, "GEOMETRY_NOT_A_LIST");
  return &value.list_value();
}

bg::model::ring<Point> Flatten(const Ring& ring) {
  bg::model::ring<Point> flat;
  for (const LatLng& position : ring) flat.emplace_back(position.longitude, position.latitude);
  return flat;
}

FlatPolygon Flatten(const std::vector<Ring>& rings) {
  FlatPolygon flat;
  flat.outer() = Flatten(rings[0]);
  for (size_t i = 1; i < rings.size(); ++i) flat.inners().push_back(Flatten(rings[i]));
  bg::correct(flat);  // sets the direction of rings that Boost expects
  return flat;
}

void Shift(Ring& ring, double degrees) {
  for (LatLng& position : ring) position.longitude += degrees;
}

Box BoundsOf(const Ring& ring) {
  Box box{.west = ring[0].longitude,
          .south = ring[0].latitude,
          .east = ring[0].longitude,
          .north = ring[0].latitude};
  for (const LatLng& position : ring) {
    box.west = std::min(box.west, position.longitude);
    box.east = std::max(box.east, position.longitude);
    box.south = std::min(box.south, position.latitude);
    box.north = std::max(box.north, position.latitude);
  }
  return box;
}

template <typename Visitor>
void ForEachEdge(const Polygon& polygon, Visitor visit) {
  for (const Ring& ring : polygon.rings) {
    for (size_t i = 1; i < ring.size(); ++i) visit(ring[i - 1], ring[i]);
  }
}

// The longitude of `position` is in the polygon's range (LongitudeIn).
bool Holds(const Polygon& polygon, const LatLng& position) {
  bool inside = false;
  ForEachEdge(polygon,
              [&](const LatLng& a, const LatLng& b) { inside ^= RayCrosses(position, a, b); });
  return inside;
}

// Reads one geometry; counts vertices over all of its rings.
class GeometryReader {
 public:
  absl::Status AddPolygon(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* rings, AsList(value, path));
    if (rings->values_size() == 0) return Refuse(path, "GEOMETRY_NO_RING");
    Polygon polygon;
    for (int i = 0; i < rings->values_size(); ++i) {
      ASSIGN_OR_RETURN(Ring ring, ReadRing(rings->values(i), Item(path, i)));
      if (i == 0) {
        if (BoundsOf(ring).west < -180) Shift(ring, 360);
        polygon.bounds = BoundsOf(ring);
      } else if (BoundsOf(ring).east < polygon.bounds.west) {
        Shift(ring, 360);  // a hole on the other side of the antimeridian
      } else if (BoundsOf(ring).west > polygon.bounds.east) {
        Shift(ring, -360);
      }
      polygon.rings.push_back(std::move(ring));
    }
    RETURN_IF_ERROR(CheckRings(polygon, path));
    polygons_.push_back(std::move(polygon));
    return absl::OkStatus();
  }

  std::vector<Polygon> TakePolygons() { return std::move(polygons_); }

 private:
  absl::StatusOr<LatLng> ReadPosition(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* numbers, AsList(value, path));
    if (numbers->values_size() < 2 || !numbers->values(0).has_number_value() ||
        !numbers->values(1).has_number_value()) {
      return Refuse(path, "GEOMETRY_NOT_A_POSITION");
    }
    LatLng point{.latitude = numbers->values(1).number_value(),
                 .longitude = numbers->values(0).number_value()};
    if (!IsValid(point)) return Refuse(path, "GEOMETRY_OFF_THE_EARTH");
    return point;
  }

  absl::StatusOr<Ring> ReadRing(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* positions, AsList(value, path));
    vertices_ += static_cast<size_t>(positions->values_size());
    if (vertices_ > kMaxVertices) return Refuse(path, "GEOMETRY_TOO_MANY_VERTICES");
    Ring ring;
    for (int i = 0; i < positions->values_size(); ++i) {
      ASSIGN_OR_RETURN(LatLng point, ReadPosition(positions->values(i), Item(path, i)));
      if (!ring.empty()) {  // the shorter way, across the antimeridian if necessary
        const double step = point.longitude - ring.back().longitude;
        point.longitude -= 360 * std::round(step / 360);
      }
      if (ring.empty() || ring.back() != point) ring.push_back(point);
    }
    if (ring.size() < 4) return Refuse(path, "GEOMETRY_SHORT_RING");
    if (ring.front().latitude == ring.back().latitude &&
        std::abs(ring.front().longitude - ring.back().longitude) > 359) {
      return Refuse(path, "GEOMETRY_AROUND_A_POLE");
    }
    if (ring.front() != ring.back()) return Refuse(path, "GEOMETRY_OPEN_RING");
    RETURN_IF_ERROR(CheckRing(ring, path));
    return ring;
  }

  static absl::Status CheckRing(const Ring& ring, const std::string& path) {
    absl::flat_hash_set<std::pair<double, double>> seen;
    for (size_t i = 1; i < ring.size(); ++i) {
      if (!seen.emplace(ring[i].latitude, ring[i].longitude).second) {
        return Refuse(path, "GEOMETRY_TOUCHES_ITSELF");
      }
    }
    bg::validity_failure_type failure;
    if (bg::is_valid(Flatten(std::vector<Ring>{ring}), failure)) return absl::OkStatus();
    switch (failure) {
      case bg::failure_self_intersections:
      case bg::failure_wrong_orientation:  // after bg::correct: a bow tie with two equal halves
        return Refuse(path, "GEOMETRY_CROSSES_ITSELF");
      case bg::failure_spikes:
        return Refuse(path, "GEOMETRY_DOUBLES_BACK");
      default:
        return Refuse(path, "GEOMETRY_NOT_SIMPLE");
    }
  }

  static bool AnyHoleIsPartlyInside(const Polygon& polygon) {
    const Polygon outer{.rings = {polygon.rings[0]}};
    for (size_t i = 1; i < polygon.rings.size(); ++i) {
      const Ring& hole = polygon.rings[i];
      const auto inside = std::count_if(
          hole.begin(), hole.end(), [&](const LatLng& position) { return Holds(outer, position); });
      if (inside > 0 && static_cast<size_t>(inside) < hole.size()) return true;
    }
    return false;
  }

  // Checks the position of the rings, each of which is simple, relative to each other.
  static absl::Status CheckRings(const Polygon& polygon, const std::string& path) {
    bg::validity_failure_type failure;
    if (polygon.rings.size() == 1 || bg::is_valid(Flatten(polygon.rings), failure)) {
      return absl::OkStatus();
    }
    switch (failure) {
      case bg::failure_disconnected_interior:  // holes may touch at vertices
        return absl::OkStatus();
      case bg::failure_interior_rings_outside:
        if (AnyHoleIsPartlyInside(polygon)) break;
        return Refuse(path, "GEOMETRY_HOLE_OUTSIDE");
      case bg::failure_nested_interior_rings:
        return Refuse(path, "GEOMETRY_HOLE_IN_HOLE");
      case bg::failure_self_intersections:
        break;
      default:
        return Refuse(path, "GEOMETRY_NOT_SIMPLE");
    }
    return Refuse(path, "GEOMETRY_RINGS_CROSS");
  }

  size_t vertices_ = 0;
  std::vector<Polygon> polygons_;
};

// In steradians: the integral of sin φ dλ along the edges, which are straight in degrees.
double AreaOf(const Ring& ring) {
  const double level = std::sin(ring[0].latitude * kRadiansPerDegree);  // keeps the terms small
  double area = 0;
  for (size_t i = 1; i < ring.size(); ++i) {
    const double middle = (ring[i].latitude + ring[i - 1].latitude) / 2 * kRadiansPerDegree;
    const double half = (ring[i].latitude - ring[i - 1].latitude) / 2 * kRadiansPerDegree;
    const double mean_sine = std::sin(middle) * (half == 0 ? 1 : std::sin(half) / half);
    area += (ring[i].longitude - ring[i - 1].longitude) * kRadiansPerDegree * (mean_sine - level);
  }
  return std::abs(area);
}

double AreaOf(const Polygon& polygon) {
  double area = AreaOf(polygon.rings[0]);
  for (size_t i = 1; i < polygon.rings.size(); ++i) area -= AreaOf(polygon.rings[i]);
  return area;
}

LatLng Normalize(LatLng point) {
  if (point.longitude > 180) point.longitude -= 360;
  return point;
}

// The middle of the polygon's widest section at half of its height.
LatLng SomePointInside(const Polygon& polygon) {
  const double latitude = (polygon.bounds.south + polygon.bounds.north) / 2;
  std::vector<double> crossings;
  ForEachEdge(polygon, [&](const LatLng& a, const LatLng& b) {
    if ((a.latitude <= latitude) == (b.latitude <= latitude)) return;
    const double part = (latitude - a.latitude) / (b.latitude - a.latitude);
    crossings.push_back(a.longitude + part * (b.longitude - a.longitude));
  });
  std::sort(crossings.begin(), crossings.end());
  double west = polygon.bounds.west, east = polygon.bounds.west;
  for (size_t i = 1; i < crossings.size(); i += 2) {
    if (crossings[i] - crossings[i - 1] <= east - west) continue;
    west = crossings[i - 1];
    east = crossings[i];
  }
  return Normalize({.latitude = latitude, .longitude = (west + east) / 2});
}

}  // namespace

absl::StatusOr<Boundary> Boundary::FromGeoJson(const Struct& geometry) {
  auto type = geometry.fields().find("type");
  auto coordinates = geometry.fields().find("coordinates");
  if (type == geometry.fields().end()) return Refuse("type", "GEOMETRY_MISSING");
  if (coordinates == geometry.fields().end()) return Refuse("coordinates", "GEOMETRY_MISSING");
  GeometryReader reader;
  const std::string path = "coordinates";
  if (type->second.string_value() == "Polygon") {
    RETURN_IF_ERROR(reader.AddPolygon(coordinates->second, path));
  } else if (type->second.string_value() == "MultiPolygon") {
    ASSIGN_OR_RETURN(const ListValue* polygons, AsList(coordinates->second, path));
    if (polygons->values_size() == 0) return Refuse(path, "GEOMETRY_NO_POLYGON");
    for (int i = 0; i < polygons->values_size(); ++i) {
      RETURN_IF_ERROR(reader.AddPolygon(polygons->values(i), Item(path, i)));
    }
  } else {
    return Refuse("type", "GEOMETRY_TYPE");
  }
  auto shape = std::make_shared<Shape>();
  shape->polygons = reader.TakePolygons();
  return Boundary(std::move(shape));
}

absl::StatusOr<Boundary> Boundary::Parse(absl::string_view geojson) {
  Struct geometry;
  auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(geojson.data(), geojson.size()), &geometry);
  if (!status.ok()) return Refuse("geometry", "GEOMETRY_NOT_JSON");
  return FromGeoJson(geometry);
}

bool Boundary::Contains(const LatLng& point) const {
  return std::any_of(shape_->polygons.begin(), shape_->polygons.end(), [&](const Polygon& polygon) {
    return Holds(polygon, {point.latitude, LongitudeIn(polygon, point.longitude)});
  });
}

bool Boundary::Overlaps(const Boundary& other) const {
  static const bg::de9im::mask kInteriorsMeet("T********");
  for (const Polygon& a : shape_->polygons) {
    for (const Polygon& b : other.shape_->polygons) {
      if (a.bounds.south > b.bounds.north || b.bounds.south > a.bounds.north) continue;
      // Longitudes may exceed 180, so the polygons may be written a turn apart.
      for (const double turn : {-360.0, 0.0, 360.0}) {
        if (a.bounds.west > b.bounds.east + turn || b.bounds.west + turn > a.bounds.east) continue;
        std::vector<Ring> turned = b.rings;
        for (Ring& ring : turned) Shift(ring, turn);
        if (bg::relate(Flatten(a.rings), Flatten(turned), kInteriorsMeet)) return true;
      }
    }
  }
  return false;
}

double Boundary::AreaKm2() const {
  constexpr double kRadiusKm = kEarthRadiusMeters / 1000;
  double steradians = 0;
  for (const Polygon& polygon : shape_->polygons) steradians += AreaOf(polygon);
  return steradians * kRadiusKm * kRadiusKm;
}

LatLng Boundary::Label() const {
  bg::model::multi_polygon<FlatPolygon> flat;
  const Polygon* largest = &shape_->polygons[0];
  for (const Polygon& polygon : shape_->polygons) {
    flat.push_back(Flatten(polygon.rings));
    if (AreaOf(polygon) > AreaOf(*largest)) largest = &polygon;
  }
  Point middle(0, 0);
  bg::centroid(flat, middle);
  const LatLng center = Normalize({.latitude = middle.y(), .longitude = middle.x()});
  return Contains(center) ? center : SomePointInside(*largest);
}

}  // namespace veche::geo
