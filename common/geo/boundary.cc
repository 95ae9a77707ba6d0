#include "common/geo/boundary.h"

#include <s2/s2earth.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2loop.h>
#include <s2/s2polygon.h>
#include <s2/s2region_coverer.h>

#include <cmath>
#include <string>
#include <utility>

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

constexpr size_t kMaxVertices = 100'000;

absl::Status Invalid(absl::string_view where, absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "geo", "GEOMETRY_INVALID",
                   absl::StrCat("The geometry is not right: ", where, " ", what, "."));
}

std::string Item(absl::string_view path, int index) { return absl::StrCat(path, "[", index, "]"); }

absl::StatusOr<const ListValue*> AsList(const Value& value, absl::string_view path) {
  if (!value.has_list_value()) return Invalid(path, "is not a list");
  return &value.list_value();
}

// Reads one geometry; counts vertices over all of its rings.
class GeometryReader {
 public:
  absl::Status AddPolygon(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* rings, AsList(value, path));
    if (rings->values_size() == 0) return Invalid(path, "has no ring");
    std::vector<std::unique_ptr<S2Loop>> loops;
    for (int i = 0; i < rings->values_size(); ++i) {
      ASSIGN_OR_RETURN(auto loop, ReadRing(rings->values(i), Item(path, i)));
      loops.push_back(std::move(loop));
    }
    return Assemble(std::move(loops), path);
  }

  std::vector<std::unique_ptr<S2Polygon>> TakePolygons() { return std::move(polygons_); }

 private:
  absl::StatusOr<S2Point> ReadPosition(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* numbers, AsList(value, path));
    if (numbers->values_size() < 2 || !numbers->values(0).has_number_value() ||
        !numbers->values(1).has_number_value()) {
      return Invalid(path, "is not [longitude, latitude]");
    }
    LatLng point{.latitude = numbers->values(1).number_value(),
                 .longitude = numbers->values(0).number_value()};
    if (!IsValid(point)) return Invalid(path, "is outside of -180..180, -90..90");
    return S2LatLng::FromDegrees(point.latitude, point.longitude).ToPoint();
  }

  absl::StatusOr<std::unique_ptr<S2Loop>> ReadRing(const Value& value, const std::string& path) {
    ASSIGN_OR_RETURN(const ListValue* positions, AsList(value, path));
    vertices_ += static_cast<size_t>(positions->values_size());
    if (vertices_ > kMaxVertices) return Invalid(path, "brings it over 100,000 vertices");
    std::vector<S2Point> points;
    for (int i = 0; i < positions->values_size(); ++i) {
      ASSIGN_OR_RETURN(S2Point point, ReadPosition(positions->values(i), Item(path, i)));
      if (points.empty() || points.back() != point) points.push_back(point);
    }
    if (points.size() < 4) return Invalid(path, "has fewer than four different positions in a row");
    if (points.front() != points.back()) return Invalid(path, "does not end where it begins");
    points.pop_back();
    auto loop = std::make_unique<S2Loop>(points, S2Debug::DISABLE);
    S2Error error;
    if (loop->FindValidationError(&error)) return Invalid(path, Describe(error));
    loop->Normalize();
    return loop;
  }

  // S2's own words carry loop numbers of its own order; these suffice.
  static absl::string_view Describe(const S2Error& error) {
    switch (error.code()) {
      case S2Error::DUPLICATE_VERTICES:
        return "touches itself at a vertex";
      case S2Error::LOOP_SELF_INTERSECTION:
        return "crosses itself";
      case S2Error::POLYGON_LOOPS_CROSS:
      case S2Error::POLYGON_LOOPS_SHARE_EDGE:
        return "has rings that cross or share an edge";
      default:
        return "is not a simple polygon";
    }
  }

  absl::Status Assemble(std::vector<std::unique_ptr<S2Loop>> loops, const std::string& path) {
    const S2Loop* shell = loops.front().get();
    auto polygon = std::make_unique<S2Polygon>();
    polygon->set_s2debug_override(S2Debug::DISABLE);
    polygon->InitNested(std::move(loops));
    S2Error error;
    if (polygon->FindValidationError(&error)) return Invalid(path, Describe(error));
    for (int i = 0; i < polygon->num_loops(); ++i) {
      bool is_shell = polygon->loop(i) == shell;
      if (polygon->loop(i)->depth() != (is_shell ? 0 : 1)) {
        return Invalid(path, "has a hole that is not inside its outer ring");
      }
    }
    polygons_.push_back(std::move(polygon));
    return absl::OkStatus();
  }

  size_t vertices_ = 0;
  std::vector<std::unique_ptr<S2Polygon>> polygons_;
};

LatLng FromS2(const S2Point& point) {
  S2LatLng position(point);
  return {.latitude = position.lat().degrees(), .longitude = position.lng().degrees()};
}

// The middle of the largest cell inside, or any vertex of a polygon too thin to hold one.
LatLng SomePointInside(const S2Polygon& polygon) {
  S2RegionCoverer::Options options;
  options.set_max_cells(16);
  S2CellUnion cells = S2RegionCoverer(options).GetInteriorCovering(polygon);
  if (cells.empty()) return FromS2(polygon.loop(0)->vertex(0));
  S2CellId largest = cells[0];
  for (S2CellId cell : cells) {
    if (cell.level() < largest.level()) largest = cell;
  }
  return FromS2(largest.ToPoint());
}

}  // namespace

absl::StatusOr<Boundary> Boundary::FromGeoJson(const Struct& geometry) {
  auto type = geometry.fields().find("type");
  auto coordinates = geometry.fields().find("coordinates");
  if (type == geometry.fields().end()) return Invalid("type", "is missing");
  if (coordinates == geometry.fields().end()) return Invalid("coordinates", "is missing");
  GeometryReader reader;
  const std::string path = "coordinates";
  if (type->second.string_value() == "Polygon") {
    RETURN_IF_ERROR(reader.AddPolygon(coordinates->second, path));
  } else if (type->second.string_value() == "MultiPolygon") {
    ASSIGN_OR_RETURN(const ListValue* polygons, AsList(coordinates->second, path));
    if (polygons->values_size() == 0) return Invalid(path, "has no polygon");
    for (int i = 0; i < polygons->values_size(); ++i) {
      RETURN_IF_ERROR(reader.AddPolygon(polygons->values(i), Item(path, i)));
    }
  } else {
    return Invalid("type", "is neither Polygon nor MultiPolygon");
  }
  auto shape = std::make_shared<Shape>();
  shape->polygons = reader.TakePolygons();
  return Boundary(std::move(shape));
}

absl::StatusOr<Boundary> Boundary::Parse(absl::string_view geojson) {
  Struct geometry;
  auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(geojson.data(), geojson.size()), &geometry);
  if (!status.ok()) return Invalid("the text", "is not a JSON object");
  return FromGeoJson(geometry);
}

bool Boundary::Contains(const LatLng& point) const {
  S2Point position = S2LatLng::FromDegrees(point.latitude, point.longitude).ToPoint();
  for (const auto& polygon : shape_->polygons) {
    if (polygon->Contains(position)) return true;
  }
  return false;
}

double Boundary::AreaKm2() const {
  double steradians = 0;
  for (const auto& polygon : shape_->polygons) steradians += polygon->GetArea();
  return S2Earth::SteradiansToSquareKm(steradians);
}

LatLng Boundary::Label() const {
  S2Point sum(0, 0, 0);
  const S2Polygon* largest = shape_->polygons.front().get();
  for (const auto& polygon : shape_->polygons) {
    sum += polygon->GetCentroid();
    if (polygon->GetArea() > largest->GetArea()) largest = polygon.get();
  }
  LatLng center = FromS2(sum.Normalize());
  return Contains(center) ? center : SomePointInside(*largest);
}

Box Boundary::Bounds() const {
  S2LatLngRect rect = S2LatLngRect::Empty();
  for (const auto& polygon : shape_->polygons) rect = rect.Union(polygon->GetRectBound());
  return {.west = rect.lng_lo().degrees(),
          .south = rect.lat_lo().degrees(),
          .east = rect.lng_hi().degrees(),
          .north = rect.lat_hi().degrees()};
}

}  // namespace veche::geo
