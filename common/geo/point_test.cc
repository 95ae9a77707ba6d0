#include "common/geo/point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

#include "common/testing/status_matchers.h"

namespace veche::geo {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr LatLng kKremlin{.latitude = 55.7989, .longitude = 49.1062};
constexpr LatLng kStation{.latitude = 55.7881, .longitude = 49.1006};

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
  EXPECT_EQ(violations.ToStatus().message(),
            "INVALID_FIELDS: location.latitude LATITUDE, location.longitude LONGITUDE");
}

TEST(PointTest, NeedsBothCoordinatesOrNone) {
  const auto faults = [](std::optional<double> latitude, std::optional<double> longitude) {
    Violations violations;
    const auto point = PointFrom(latitude, longitude, "label.", violations);
    EXPECT_EQ(point.has_value(), latitude && longitude && violations.empty());
    return violations.Serialize();
  };
  EXPECT_EQ(faults(std::nullopt, std::nullopt), "");
  EXPECT_EQ(faults(0, 0), "");
  EXPECT_THAT(faults(55.7, std::nullopt), HasSubstr("label.longitude"));
  EXPECT_THAT(faults(55.7, std::nullopt), Not(HasSubstr("label.latitude")));
  EXPECT_THAT(faults(std::nullopt, 0), HasSubstr("label.latitude"));
  EXPECT_THAT(faults(91, 0), HasSubstr("label.latitude"));
  // Both faults at once.
  EXPECT_THAT(faults(91, std::nullopt),
              AllOf(HasSubstr("label.latitude"), HasSubstr("label.longitude")));
}

TEST(PointTest, MeasuresDistance) {
  EXPECT_NEAR(DistanceMeters(kKremlin, kStation), 1251, 5);
  EXPECT_EQ(DistanceMeters(kKremlin, kKremlin), 0);
  EXPECT_NEAR(DistanceMeters({0, 0}, {0, 180}), M_PI * 6371010, 1);
  EXPECT_NEAR(DistanceMeters({0, 179.9999}, {0, -179.9999}), 22.2, 0.1);
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

TEST(BoxTest, IsDrawnAroundACircle) {
  const Box box = BoxAround(kKremlin, 1000);
  EXPECT_NEAR(DistanceMeters(kKremlin, {box.north, kKremlin.longitude}), 1000, 0.2);
  EXPECT_NEAR(DistanceMeters(kKremlin, {kKremlin.latitude, box.west}), 1000, 0.2);
  const Box across = BoxAround({-16.5, 179.999}, 1000);
  EXPECT_GT(across.west, across.east);
  EXPECT_TRUE(across.Contains({-16.5, -179.995}));
  EXPECT_FALSE(across.Contains({-16.5, 0}));
  const Box pole = BoxAround({89.99, 0}, 5000);
  EXPECT_TRUE(pole.Contains({89.98, 180}));
  EXPECT_EQ(BoxAround(kKremlin, 1e9), (Box{-180, -90, 180, 90}));
}

}  // namespace
}  // namespace veche::geo
