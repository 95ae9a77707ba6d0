#pragma once

#include <cstdint>
#include <vector>

#include "common/geo/point.h"

// Cells of the web map's tile grid: with cells an ordinary index can search places. All functions
// are pure and thread-safe.
//
// The grid is that of web map tiles z/x/y (Web Mercator, EPSG:3857; "Slippy map tilenames" of the
// OpenStreetMap wiki) at zoom kCellZoom. For longitude λ and latitude φ, n = 2^kCellZoom:
//   x = floor(n · (λ + 180°) / 360°), eastwards from the antimeridian
//   y = floor(n · (1 − asinh(tan φ) / π) / 2), southwards from 85.0511°; φ beyond ±85.0511° and
//       λ = 180° fall into the cell at the edge.
// A cell's id interleaves the bits of x and y (Morton order): bit 2i is bit i of x, bit 2i + 1 is
// bit i of y. The id's digits to the base 4 are the quadkey of the tile. So every tile of every
// smaller zoom is one range of ids (CellsOfTile), and `id >> 2 * (kCellZoom - zoom)` groups cells
// by tile.

namespace veche::geo {

inline constexpr int kCellZoom = 31;  // a cell is 1.9 cm wide at the equator

// The cell of a valid point, from 0 to 2^62 - 1, for a BIGINT column. Near points mostly have near
// ids: store the id in an indexed column and scan the ranges of a covering.
int64_t CellId(const LatLng& point);

// Cell ids first..last, both included.
struct CellRange {
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const CellRange&, const CellRange&) = default;
};

// The cells of the map tile zoom/x/y. REQUIRES: 0 <= zoom <= kCellZoom; x, y < 2^zoom.
CellRange CellsOfTile(int zoom, uint32_t x, uint32_t y);

// At most `max_ranges` ascending ranges, with gaps between them, that contain every point of the
// box or circle and some points outside: check each found point exactly. A negative radius counts
// as 0. REQUIRES: max_ranges >= 1.
std::vector<CellRange> Cover(const Box& box, int max_ranges = 6);
std::vector<CellRange> CoverCircle(const LatLng& center, double radius_meters, int max_ranges = 4);

}  // namespace veche::geo
