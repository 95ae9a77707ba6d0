#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "common/geo/boundary.h"
#include "common/geo/point.h"

namespace veche::geo {

// Finds which of some areas holds a point, in microseconds. Immutable and thread-safe.
class DistrictIndex {
 public:
  // Areas that share a border should share its vertices: then a point on it belongs to exactly one.
  explicit DistrictIndex(std::vector<Boundary> areas);
  ~DistrictIndex();
  DistrictIndex(const DistrictIndex&) = delete;
  DistrictIndex& operator=(const DistrictIndex&) = delete;

  // The position of the area that holds a valid point: the first one where areas overlap, so the
  // order in which they were given decides, always the same way. Nothing when none does.
  std::optional<size_t> Locate(const LatLng& point) const;

 private:
  struct Index;
  std::unique_ptr<const Index> index_;
};

}  // namespace veche::geo
