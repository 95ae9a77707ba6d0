#include "common/geo/cell.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace veche::geo {
namespace {

constexpr LatLng kKremlin{.latitude = 55.7989, .longitude = 49.1062};
constexpr LatLng kStation{.latitude = 55.7881, .longitude = 49.1006};

bool InRanges(int64_t cell, const std::vector<CellRange>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CellRange& r) { return r.first <= cell && cell <= r.last; });
}

TEST(CellTest, GivesNearPointsNearCells) {
  int64_t cell = CellId(kKremlin);
  EXPECT_EQ(cell, CellId(kKremlin));
  EXPECT_NE(cell, CellId(kStation));
  EXPECT_GT(std::abs(static_cast<double>(cell) - static_cast<double>(CellId({48.5, 37.7}))),
            std::abs(static_cast<double>(cell) - static_cast<double>(CellId(kStation))));
}

// Tiles of the OpenStreetMap: https://tile.openstreetmap.org/<zoom>/<x>/<y>.png.
TEST(CellTest, IsPartOfTheTilesOfTheWebMap) {
  struct Case {
    LatLng point;
    int zoom;
    uint32_t x, y;
  };
  for (const Case& c :
       std::initializer_list<Case>{{kKremlin, 0, 0, 0},
                                   {kKremlin, 10, 651, 319},
                                   {kKremlin, 16, 41707, 20472},
                                   {{48.8583, 2.2945}, 15, 16592, 11272},  // the Eiffel tower
                                   {{85.06, -180}, 18, 0, 0},
                                   {{-90, 180}, 18, 262143, 262143},
                                   {{0, 0}, 31, 1u << 30, 1u << 30}}) {
    const CellRange cells = CellsOfTile(c.zoom, c.x, c.y);
    const int64_t cell = CellId(c.point);
    EXPECT_LE(cells.first, cell) << c.zoom << "/" << c.x << "/" << c.y;
    EXPECT_GE(cells.last, cell) << c.zoom << "/" << c.x << "/" << c.y;
    EXPECT_EQ(cells.first >> 2 * (kCellZoom - c.zoom), cell >> 2 * (kCellZoom - c.zoom));
  }
  EXPECT_EQ(CellsOfTile(0, 0, 0), (CellRange{0, (int64_t{1} << 62) - 1}));
  EXPECT_EQ(CellsOfTile(31, 1, 2).first, 0b1001);  // the quadkey 21
}

TEST(CoverTest, HoldsEveryPointOfACircle) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> offset(-0.01, 0.01);
  std::vector<CellRange> ranges = CoverCircle(kKremlin, 300);
  EXPECT_LE(ranges.size(), 8u);
  int inside = 0;
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    LatLng point{kKremlin.latitude + offset(random), kKremlin.longitude + offset(random)};
    bool hit = InRanges(CellId(point), ranges);
    found += hit;
    if (DistanceMeters(point, kKremlin) > 300) continue;
    ++inside;
    EXPECT_TRUE(hit);
  }
  EXPECT_GT(inside, 100);
  EXPECT_LT(found, inside * 4) << "the covering is too loose to be of use";
}

TEST(CoverTest, HoldsEveryPointOfABoxEvenOverTheAntimeridian) {
  std::mt19937 random(7);
  for (const Box& box : {Box{49.0, 55.7, 49.2, 55.85}, Box{179.5, -17, -179.5, -16},
                         Box{-180, -90, 180, 90}, Box{49.1, 55.8, 49.1, 55.8}}) {
    std::vector<CellRange> ranges = Cover(box);
    EXPECT_LE(ranges.size(), 12u);
    double width = box.west <= box.east ? box.east - box.west : box.east + 360 - box.west;
    std::uniform_real_distribution<double> part(0, 1);
    for (int i = 0; i < 2000; ++i) {
      LatLng point{box.south + part(random) * (box.north - box.south),
                   box.west + part(random) * width};
      if (point.longitude > 180) point.longitude -= 360;
      EXPECT_TRUE(box.Contains(point));
      EXPECT_TRUE(InRanges(CellId(point), ranges)) << point.latitude << "," << point.longitude;
    }
    for (LatLng corner : {LatLng{box.south, box.west}, LatLng{box.north, box.east}}) {
      EXPECT_TRUE(InRanges(CellId(corner), ranges));
    }
  }
}

TEST(CoverTest, AscendsWithoutTouching) {
  std::vector<CellRange> ranges = Cover({-180, -90, 180, 90});
  for (size_t i = 1; i < ranges.size(); ++i) {
    EXPECT_GT(ranges[i].first, ranges[i - 1].last + 1);
  }
  EXPECT_LE(CoverCircle(kKremlin, 1e9).size(), 8u);  // the whole earth
  EXPECT_FALSE(CoverCircle(kKremlin, -5).empty());   // the point itself
}

TEST(CoverTest, HoldsCirclesOverTheAntimeridianAndThePoles) {
  std::mt19937 random(7);
  for (const LatLng& center : {LatLng{-16.5, 179.99}, LatLng{66, -179.999}, LatLng{0, 180},
                               LatLng{84.9, 10}, LatLng{89.99, 0}, LatLng{-90, 0}}) {
    for (double radius : {0.5, 300.0, 50'000.0, 3'000'000.0}) {
      const std::vector<CellRange> ranges = CoverCircle(center, radius);
      const double degrees = radius / kEarthRadiusMeters * 180 / M_PI;
      std::uniform_real_distribution<double> north(-degrees, degrees), east(-180, 180);
      std::uniform_real_distribution<double> near_by(-3 * degrees, 3 * degrees);
      for (int i = 0; i < 2000; ++i) {
        LatLng point{std::clamp(center.latitude + north(random), -90.0, 90.0),
                     i % 2 ? east(random) : center.longitude + near_by(random)};
        point.longitude -= 360 * std::round(point.longitude / 360);
        if (DistanceMeters(point, center) > radius) continue;
        EXPECT_TRUE(InRanges(CellId(point), ranges))
            << point.latitude << "," << point.longitude << " within " << radius << " of "
            << center.latitude << "," << center.longitude;
      }
      EXPECT_TRUE(InRanges(CellId(center), ranges));
    }
  }
}

}  // namespace
}  // namespace veche::geo
