#include "common/geo/district_index.h"

#include <algorithm>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/relate/cartesian.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <cstdint>
#include <utility>

#include "common/geo/boundary_shape.h"

namespace veche::geo {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Rectangle = bg::model::box<Point>;

// An edge; its longitudes are in the range of its polygon.
struct Edge {
  LatLng a;
  LatLng b;
};

struct RectangleOf {
  using result_type = Rectangle;
  Rectangle operator()(const Edge& edge) const {
    const auto [west, east] = std::minmax(edge.a.longitude, edge.b.longitude);
    const auto [south, north] = std::minmax(edge.a.latitude, edge.b.latitude);
    return {{west, south}, {east, north}};
  }
};

using EdgeTree = bg::index::rtree<Edge, bg::index::rstar<16>, RectangleOf>;

}  // namespace

struct DistrictIndex::Index {
  struct Part {
    size_t area = 0;
    const Polygon* polygon = nullptr;
    EdgeTree edges;
  };
  std::vector<Boundary> areas;  // own the polygons of `parts`
  std::vector<Part> parts;      // in the order of the areas
};

DistrictIndex::DistrictIndex(std::vector<Boundary> areas) {
  auto index = std::make_unique<Index>();
  index->areas = std::move(areas);
  for (size_t area = 0; area < index->areas.size(); ++area) {
    for (const Polygon& polygon : index->areas[area].shape().polygons) {
      std::vector<Edge> edges;
      for (const Ring& ring : polygon.rings) {
        for (size_t i = 1; i < ring.size(); ++i) edges.push_back({ring[i - 1], ring[i]});
      }
      index->parts.push_back({area, &polygon, EdgeTree(edges)});
    }
  }
  index_ = std::move(index);
}

DistrictIndex::~DistrictIndex() = default;

std::optional<size_t> DistrictIndex::Locate(const LatLng& point) const {
  for (const Index::Part& part : index_->parts) {
    const Box& bounds = part.polygon->bounds;
    const LatLng position{point.latitude, LongitudeIn(*part.polygon, point.longitude)};
    if (position.latitude < bounds.south || position.latitude > bounds.north ||
        position.longitude > bounds.east) {
      continue;
    }
    bool inside = false;
    const Rectangle ray({position.longitude, position.latitude}, {bounds.east, position.latitude});
    part.edges.query(bg::index::intersects(ray),
                     boost::make_function_output_iterator([&](const Edge& edge) {
                       inside ^= RayCrosses(position, edge.a, edge.b);
                     }));
    if (inside) return part.area;
  }
  return std::nullopt;
}

}  // namespace veche::geo
