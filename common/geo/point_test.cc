#include "common/geo/point.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "common/testing/status_matchers.h"

namespace veche::geo {
namespace {

constexpr LatLng kKremlin{.latitude = 55.7989, .longitude = 49.1062};
constexpr LatLng kStation{.latitude = 55.7881, .longitude = 49.1006};

bool InRanges(int64_t cell, const std::vector<CellRange>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CellRange& r) { return r.first <= cell && cell <= r.last; });
}

TEST(PointTest, ChecksDegrees) {
  EXPECT_TRUE(IsValid({90, 180}));
  EXPECT_TRUE(IsValid({-90, -180}));
  double nan = std::numeric_limits<double>::quiet_NaN();
  double infinite = std::numeric_limits<double>::infinity();
  for (double bad : {90.0001, -90.0001, nan, infinite}) EXPECT_FALSE(IsValid({bad, 0})) << bad;
  for (double bad : {180.0001, -180.0001, nan, -infinite}) EXPECT_FALSE(IsValid({0, bad})) << bad;

  Violations violations;
  Validate(kKremlin, "location.", violations);
  EXPECT_OK(violations.ToStatus());
  Validate({91, nan}, "location.", violations);
  EXPECT_EQ(violations.ToStatus().message(), "2 fields are not right.");
}

TEST(PointTest, MeasuresDistance) {
  EXPECT_NEAR(DistanceMeters(kKremlin, kStation), 1251, 5);
  EXPECT_EQ(DistanceMeters(kKremlin, kKremlin), 0);
  EXPECT_NEAR(DistanceMeters({0, 0}, {0, 180}), M_PI * 6371010, 1);
  EXPECT_NEAR(DistanceMeters({0, 179.9999}, {0, -179.9999}), 22.2, 0.1);
}

TEST(PointTest, GivesNearPointsNearCells) {
  int64_t cell = CellId(kKremlin);
  EXPECT_EQ(cell, CellId(kKremlin));
  EXPECT_NE(cell, CellId(kStation));
  EXPECT_EQ(cell & 1, 1) << "a leaf";
  EXPECT_GT(std::abs(static_cast<double>(cell) - static_cast<double>(CellId({48.5, 37.7}))),
            std::abs(static_cast<double>(cell) - static_cast<double>(CellId(kStation))));
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
    EXPECT_GT(ranges[i].first, ranges[i - 1].last + 2);
  }
  EXPECT_LE(CoverCircle(kKremlin, 1e9).size(), 8u);  // the whole earth
  EXPECT_FALSE(CoverCircle(kKremlin, -5).empty());   // the point itself
}

TEST(BoxTest, IsReadFromText) {
  Violations violations;
  EXPECT_EQ(ParseBox("49,55.7,49.2,55.85", "bbox", violations), (Box{49, 55.7, 49.2, 55.85}));
  EXPECT_EQ(ParseBox("170,-10,-170,10", "bbox", violations), (Box{170, -10, -170, 10}));
  EXPECT_TRUE(violations.empty());
}

TEST(BoxTest, SaysWhatIsWrong) {
  for (absl::string_view bad :
       {"", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,", "nan,0,1,1", "181,0,1,1", "0,0,-181,1",
        "0,-91,1,1", "0,0,1,91", "0,2,1,1", "0,inf,1,1"}) {
    Violations violations;
    EXPECT_EQ(ParseBox(bad, "bbox", violations), std::nullopt) << bad;
    EXPECT_FALSE(violations.empty()) << bad;
  }
}

}  // namespace
}  // namespace veche::geo
