#pragma once

#include <cstdint>

#include "common/geo/point.h"

namespace veche::appeals {

// The value of the column `cell`, which the release before map_cell reads: the id of the S2 leaf
// cell of a valid point. The release after this one drops the column and this function (decision
// 0013).
int64_t OldCellId(const geo::LatLng& point);

}  // namespace veche::appeals
