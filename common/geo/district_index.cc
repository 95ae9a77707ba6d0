#include "common/geo/district_index.h"

#include <s2/mutable_s2shape_index.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2latlng.h>
#include <s2/s2polygon.h>

#include <algorithm>
#include <utility>

#include "common/geo/boundary_shape.h"

namespace veche::geo {

struct DistrictIndex::Index {
  std::vector<Boundary> areas;  // own the polygons that `shapes` refers to
  MutableS2ShapeIndex shapes;
  std::vector<size_t> area_of_shape;
};

DistrictIndex::DistrictIndex(std::vector<Boundary> areas) {
  auto index = std::make_unique<Index>();
  index->areas = std::move(areas);
  for (size_t area = 0; area < index->areas.size(); ++area) {
    for (const auto& polygon : index->areas[area].shape().polygons) {
      index->shapes.Add(std::make_unique<S2Polygon::Shape>(polygon.get()));
      index->area_of_shape.push_back(area);
    }
  }
  index->shapes.ForceBuild();  // now, and not under the first call
  index_ = std::move(index);
}

DistrictIndex::~DistrictIndex() = default;

std::optional<size_t> DistrictIndex::Locate(const LatLng& point) const {
  S2Point position = S2LatLng::FromDegrees(point.latitude, point.longitude).ToPoint();
  std::optional<size_t> first;
  auto query = MakeS2ContainsPointQuery(&index_->shapes);
  query.VisitContainingShapes(position, [&](S2Shape* shape) {
    size_t area = index_->area_of_shape[static_cast<size_t>(shape->id())];
    first = first ? std::min(*first, area) : area;
    return true;
  });
  return first;
}

}  // namespace veche::geo
