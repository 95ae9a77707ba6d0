#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "common/geo/boundary.h"
#include "common/geo/point.h"

namespace veche::geo {

// Finds the area that contains a point, in microseconds. Immutable and thread-safe.
class DistrictIndex {
 public:
  // Areas that share a border should share its vertices: a point on the border then belongs to
  // exactly one area.
  explicit DistrictIndex(std::vector<Boundary> areas);
  ~DistrictIndex();
  DistrictIndex(const DistrictIndex&) = delete;
  DistrictIndex& operator=(const DistrictIndex&) = delete;

  // The index in `areas` of the area that contains a valid point, the smallest index where areas
  // overlap. Nothing when no area contains the point.
  std::optional<size_t> Locate(const LatLng& point) const;

 private:
  struct Index;
  std::unique_ptr<const Index> index_;
};

}  // namespace veche::geo
