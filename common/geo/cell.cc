#include "common/geo/cell.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace veche::geo {
namespace {

constexpr int64_t kCells = int64_t{1} << kCellZoom;  // along each side of the map
constexpr double kMaxLatitude = 85.0511;             // the map is a square up to here
constexpr int kMaxSide = 16;  // of a covering, in cells of one size, before ranges are joined

// Puts a zero bit above each of the lower 32 bits ("Bit Twiddling Hacks", interleave by magic
// numbers).
uint64_t SpreadBits(uint64_t bits) {
  bits = (bits | bits << 16) & 0x0000ffff0000ffff;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & 0x5555555555555555;
}

int64_t Interleave(int64_t x, int64_t y) {
  return static_cast<int64_t>(SpreadBits(static_cast<uint64_t>(x)) |
                              SpreadBits(static_cast<uint64_t>(y)) << 1);
}

double GridX(double longitude) { return (longitude + 180) / 360 * static_cast<double>(kCells); }

double GridY(double latitude) {
  const double radians = std::clamp(latitude, -89.9, 89.9) * M_PI / 180;  // tan is finite there
  return (1 - std::asinh(std::tan(radians)) / M_PI) / 2 * static_cast<double>(kCells);
}

int64_t ToCell(double grid) {
  return std::clamp(static_cast<int64_t>(std::floor(grid)), int64_t{0}, kCells - 1);
}

// A square of 2^zoom_out by 2^zoom_out cells; x and y in units of its side.
struct Square {
  int zoom_out = kCellZoom;
  int64_t x = 0;
  int64_t y = 0;

  int64_t west() const { return x << zoom_out; }
  int64_t east() const { return ((x + 1) << zoom_out) - 1; }
  int64_t north() const { return y << zoom_out; }
  int64_t south() const { return ((y + 1) << zoom_out) - 1; }
};

// A circle of the map in cells.
struct Disc {
  double x = 0;
  double y = 0;
  double radius = 0;

  bool Touches(const Square& square) const {
    const auto side = static_cast<double>(int64_t{1} << square.zoom_out);
    const double west = static_cast<double>(square.x) * side;
    const double north = static_cast<double>(square.y) * side;
    return std::hypot(x - std::clamp(x, west, west + side),
                      y - std::clamp(y, north, north + side)) <= radius;
  }
  bool Holds(const Square& square) const {
    const auto side = static_cast<double>(int64_t{1} << square.zoom_out);
    const double west = static_cast<double>(square.x) * side;
    const double north = static_cast<double>(square.y) * side;
    return std::hypot(std::max(x - west, west + side - x), std::max(y - north, north + side - y)) <=
           radius;
  }
};

// A rectangle of cells, ends included, or the part of it that is inside a disc.
struct Area {
  int64_t west = 0;
  int64_t east = 0;
  int64_t north = 0;
  int64_t south = 0;
  std::optional<Disc> disc;

  bool Touches(const Square& square) const {
    if (square.east() < west || square.west() > east) return false;
    if (square.south() < north || square.north() > south) return false;
    return !disc || disc->Touches(square);
  }
  bool Holds(const Square& square) const {
    if (square.west() < west || square.east() > east) return false;
    if (square.north() < north || square.south() > south) return false;
    return !disc || disc->Holds(square);
  }
};

// The rectangles of a box: two when it crosses the antimeridian. A cell is added on each side,
// since rounding may put a point on the edge into the neighbouring cell.
std::vector<Area> AreasOf(const Box& box) {
  Area area{.west = ToCell(GridX(box.west) - 1),
            .east = ToCell(GridX(box.east) + 1),
            .north = ToCell(GridY(box.north) - 1),
            .south = ToCell(GridY(box.south) + 1)};
  if (box.west <= box.east) return {area};
  Area first = area, second = area;
  first.west = 0;
  second.east = kCells - 1;
  return {first, second};
}

// Collects the ranges of areas in ascending order by descending the tree of squares.
class Coverer {
 public:
  explicit Coverer(std::vector<Area> areas) : areas_(std::move(areas)) {
    int64_t side = 0;
    for (const Area& area : areas_) {
      side = std::max({side, area.east - area.west, area.south - area.north});
    }
    while (side >> finest_ >= kMaxSide) ++finest_;
  }

  std::vector<CellRange> Cover(size_t max_ranges) {
    Visit({});
    JoinNearest(max_ranges);
    return std::move(ranges_);
  }

 private:
  void Visit(const Square& square) {
    if (std::none_of(areas_.begin(), areas_.end(),
                     [&](const Area& area) { return area.Touches(square); })) {
      return;
    }
    if (square.zoom_out <= finest_ ||
        std::any_of(areas_.begin(), areas_.end(),
                    [&](const Area& area) { return area.Holds(square); })) {
      return Add(square);
    }
    for (int quarter = 0; quarter < 4; ++quarter) {  // ascending: the order of the digits of ids
      Visit({square.zoom_out - 1, square.x * 2 + (quarter & 1), square.y * 2 + (quarter >> 1)});
    }
  }

  void Add(const Square& square) {
    const CellRange range =
        CellsOfTile(kCellZoom - square.zoom_out, static_cast<uint32_t>(square.x),
                    static_cast<uint32_t>(square.y));
    if (!ranges_.empty() && ranges_.back().last + 1 == range.first) {
      ranges_.back().last = range.last;
    } else {
      ranges_.push_back(range);
    }
  }

  // Keeps the widest gaps between ranges.
  void JoinNearest(size_t max_ranges) {
    if (ranges_.size() <= max_ranges) return;
    const auto gap_before = [&](size_t i) { return ranges_[i].first - ranges_[i - 1].last; };
    std::vector<size_t> begins(ranges_.size() - 1);
    std::iota(begins.begin(), begins.end(), 1);
    std::sort(begins.begin(), begins.end(),
              [&](size_t a, size_t b) { return gap_before(a) > gap_before(b); });
    begins.resize(max_ranges - 1);
    std::sort(begins.begin(), begins.end());
    std::vector<CellRange> joined = {ranges_[0]};
    for (size_t begin : begins) {
      joined.back().last = ranges_[begin - 1].last;
      joined.push_back(ranges_[begin]);
    }
    joined.back().last = ranges_.back().last;
    ranges_ = std::move(joined);
  }

  const std::vector<Area> areas_;
  int finest_ = 0;
  std::vector<CellRange> ranges_;
};

}  // namespace

int64_t CellId(const LatLng& point) {
  return Interleave(ToCell(GridX(point.longitude)), ToCell(GridY(point.latitude)));
}

CellRange CellsOfTile(int zoom, uint32_t x, uint32_t y) {
  const int shift = 2 * (kCellZoom - zoom);
  const int64_t tile = Interleave(x, y);
  return {.first = tile << shift, .last = ((tile + 1) << shift) - 1};
}

std::vector<CellRange> Cover(const Box& box, int max_ranges) {
  return Coverer(AreasOf(box)).Cover(static_cast<size_t>(max_ranges));
}

std::vector<CellRange> CoverCircle(const LatLng& center, double radius_meters, int max_ranges) {
  const Box box = BoxAround(center, radius_meters);
  std::vector<Area> areas = AreasOf(box);
  const double farthest = std::max(std::abs(box.south), std::abs(box.north));
  if (farthest < kMaxLatitude) {
    // The map's scale is 1 / cos φ: a disc at the circle's largest scale contains the circle.
    Disc disc{.x = GridX(center.longitude),
              .y = GridY(center.latitude),
              .radius = 1 + std::max(radius_meters, 0.0) * static_cast<double>(kCells) /
                                (2 * M_PI * kEarthRadiusMeters * std::cos(farthest * M_PI / 180))};
    for (Area& area : areas) {
      area.disc = disc;
      // A disc across the antimeridian continues on the other side of the map.
      if (static_cast<double>(area.west) > disc.x + 1) area.disc->x += static_cast<double>(kCells);
      if (static_cast<double>(area.east) < disc.x - 1) area.disc->x -= static_cast<double>(kCells);
    }
  }
  return Coverer(std::move(areas)).Cover(static_cast<size_t>(max_ranges));
}

}  // namespace veche::geo
