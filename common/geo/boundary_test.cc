#include "common/geo/boundary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"

namespace veche::geo {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Polygon(absl::string_view rings) {
  return absl::StrCat(R"({"type": "Polygon", "coordinates": )", rings, "}");
}

// A square of degrees, counter-clockwise.
std::string Square(double west, double south, double side) {
  double east = west + side, north = south + side;
  return absl::StrCat("[[", west, ",", south, "],[", east, ",", south, "],[", east, ",", north,
                      "],[", west, ",", north, "],[", west, ",", south, "]]");
}

TEST(BoundaryTest, HoldsPointsInsideAndNotInHoles) {
  auto boundary = Boundary::Parse(
      Polygon(absl::StrCat("[", Square(49, 55, 1), ",", Square(49.4, 55.4, 0.2), "]")));
  ASSERT_OK(boundary);
  EXPECT_TRUE(boundary->Contains({55.2, 49.2}));
  EXPECT_FALSE(boundary->Contains({55.5, 49.5}));  // in the hole
  EXPECT_FALSE(boundary->Contains({55.2, 48.9}));
  EXPECT_TRUE(boundary->Contains(boundary->Label())) << "although the middle is in the hole";
}

TEST(BoundaryTest, DoesNotCareForTheDirectionOfRings) {
  auto clockwise = Boundary::Parse(Polygon("[[[49,55],[49,56],[50,56],[50,55],[49,55]]]"));
  auto counter = Boundary::Parse(Polygon(absl::StrCat("[", Square(49, 55, 1), "]")));
  ASSERT_OK(clockwise);
  ASSERT_OK(counter);
  EXPECT_TRUE(clockwise->Contains({55.5, 49.5}));
  EXPECT_FALSE(clockwise->Contains({54, 49.5}));
  EXPECT_NEAR(clockwise->AreaKm2(), counter->AreaKm2(), 1e-6);
  EXPECT_NEAR(counter->AreaKm2(), 7003, 100);
}

TEST(BoundaryTest, TakesMultiPolygonsRepeatedVerticesAndHeights) {
  auto boundary = Boundary::Parse(absl::StrCat(
      R"({"type": "MultiPolygon", "coordinates": [[)", Square(49, 55, 1),
      "],[[[60,55,120],[61,55,120],[61,55,120],[61,56,120],[60,56,120],[60,55,120]]]]}"));
  ASSERT_OK(boundary);
  EXPECT_TRUE(boundary->Contains({55.5, 49.5}));
  EXPECT_TRUE(boundary->Contains({55.5, 60.5}));
  EXPECT_FALSE(boundary->Contains({55.5, 55}));
  EXPECT_TRUE(boundary->Contains(boundary->Label()));
}

TEST(BoundaryTest, GivesEachPointOfASharedBorderToOneOfThem) {
  // The border runs from (55, 49.3) to (56, 49.7), with points that doubles cannot hold exactly.
  auto west = Boundary::Parse(Polygon("[[[49,55],[49.3,55],[49.7,56],[49,56],[49,55]]]"));
  auto east = Boundary::Parse(Polygon("[[[49.3,55],[50,55],[50,56],[49.7,56],[49.3,55]]]"));
  ASSERT_OK(west);
  ASSERT_OK(east);
  for (int i = 1; i < 1000; ++i) {
    const LatLng point{55 + i / 1000.0, 49.3 + i * 0.4 / 1000};
    EXPECT_NE(west->Contains(point), east->Contains(point)) << i;
  }
}

TEST(BoundaryTest, MayCrossTheAntimeridian) {
  auto boundary = Boundary::Parse(
      Polygon("[[[178,-17],[-178,-17],[-178,-16],[178,-16],[178,-17]],"
              "[[-179.5,-16.6],[-179.4,-16.6],[-179.4,-16.5],[-179.5,-16.5],[-179.5,-16.6]]]"));
  ASSERT_OK(boundary);
  for (double longitude : {178.1, 179.9, 180.0, -180.0, -179.9, -178.1}) {
    EXPECT_TRUE(boundary->Contains({-16.55, longitude})) << longitude;
  }
  for (double longitude : {177.9, -177.9, 0.0, -179.45}) {
    EXPECT_FALSE(boundary->Contains({-16.55, longitude})) << longitude;
  }
  EXPECT_NEAR(boundary->AreaKm2(), 4 * 111.2 * 111.2 * std::cos(16.5 * M_PI / 180), 150);
  EXPECT_TRUE(IsValid(boundary->Label()));
  EXPECT_TRUE(boundary->Contains(boundary->Label()));
}

TEST(BoundaryTest, LetsHolesTouchAtVertices) {
  auto boundary = Boundary::Parse(
      Polygon(absl::StrCat("[", Square(49, 55, 1), ",[[49,55],[49.2,55.1],[49.1,55.2],[49,55]],",
                           "[[49.2,55.1],[49.4,55.2],[49.3,55.3],[49.2,55.1]]]")));
  ASSERT_OK(boundary);
  EXPECT_FALSE(boundary->Contains({55.11, 49.1}));
  EXPECT_TRUE(boundary->Contains({55.3, 49.1}));
}

TEST(BoundaryTest, NamesWhatIsWrongInEveryLanguage) {
  const Texts texts = *Texts::Parse({CommonTexts()});
  std::string many = "[49,55]";
  for (int i = 0; i < 100'001; ++i) absl::StrAppend(&many, ",[49,55]");
  struct Case {
    std::string geojson;
    std::string complaint;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"", "not a JSON object"},
           {"[]", "not a JSON object"},
           {"{}", "type is missing"},
           {R"({"type": "Polygon"})", "coordinates is missing"},
           {R"({"type": "Point", "coordinates": [49, 55]})", "neither Polygon nor MultiPolygon"},
           {R"({"type": 5, "coordinates": []})", "neither Polygon nor MultiPolygon"},
           {R"({"type": "MultiPolygon", "coordinates": []})", "has no polygon"},
           {Polygon("7"), "coordinates is not a list"},
           {Polygon("[]"), "coordinates has no ring"},
           {Polygon("[7]"), "coordinates[0] is not a list"},
           {Polygon("[[7]]"), "coordinates[0][0] is not a list"},
           {Polygon("[[[7]]]"), "coordinates[0][0] is not [longitude, latitude]"},
           {Polygon(R"([[["a",55]]])"), "coordinates[0][0] is not [longitude, latitude]"},
           {Polygon("[[[49,95]]]"), "coordinates[0][0] is outside"},
           {Polygon("[[[49,55],[50,55],[49,55]]]"), "fewer than four"},
           {Polygon("[[[49,55],[50,55],[50,56],[49,56]]]"), "does not end where it begins"},
           {Polygon("[[[49,55],[50,56],[50,55],[49,56],[49,55]]]"), "crosses itself"},
           {Polygon("[[[49,55],[50,55],[50,56],[49,55],[48,56],[48,55],[49,55]]]"),
            "touches itself"},
           {Polygon(absl::StrCat("[", Square(49, 55, 1), ",", Square(49.5, 55.5, 1), "]")),
            "cross"},
           {Polygon(absl::StrCat("[", Square(49, 55, 1), ",", Square(60, 55, 1), "]")),
            "hole that is not inside"},
           {Polygon(absl::StrCat("[", Square(49.4, 55.4, 0.1), ",", Square(49, 55, 1), "]")),
            "hole that is not inside"},
           {Polygon(absl::StrCat("[", Square(49, 55, 1), ",", Square(49, 55, 1), "]")), "share"},
           {Polygon(absl::StrCat("[", Square(49, 55, 1), ",", Square(49.2, 55.2, 0.6), ",",
                                 Square(49.4, 55.4, 0.1), "]")),
            "hole inside another hole"},
           {Polygon("[[[0,80],[90,80],[180,80],[-90,80],[0,80]]]"), "goes around a pole"},
           {Polygon("[[[49,55],[50,55],[50,56],[50,55.5],[49,56],[49,55]]]"), "doubles back"},
           {Polygon(absl::StrCat("[[", many, "]]")), "100,000 vertices"},
       }) {
    auto boundary = Boundary::Parse(c.geojson);
    EXPECT_THAT(boundary, HasReason("GEOMETRY_INVALID")) << c.complaint;
    EXPECT_THAT(std::string(Localize(boundary.status(), texts, "en").message()),
                HasSubstr(c.complaint));
    for (absl::string_view language : kLanguages) {
      const absl::Status localized = Localize(boundary.status(), texts, language);
      EXPECT_THAT(LocalizedMessage(localized), Not(HasSubstr("GEOMETRY_"))) << c.complaint;
      EXPECT_EQ(LocalizedIn(localized), language);
    }
  }
}

TEST(BoundaryTest, OverlapIsMoreThanAShareOfTheBorder) {
  const auto parse = [](absl::string_view rings) { return *Boundary::Parse(Polygon(rings)); };
  const Boundary square = parse(absl::StrCat("[", Square(49, 55, 1), "]"));
  const Boundary ring = parse(absl::StrCat("[", Square(40, 50, 20), ",", Square(48, 54, 4), "]"));
  struct Case {
    std::string rings;
    bool overlaps;
  };
  for (const Case& c : std::vector<Case>{
           {absl::StrCat("[", Square(49, 55, 1), "]"), true},
           {absl::StrCat("[", Square(49.5, 55.5, 1), "]"), true},
           {absl::StrCat("[", Square(49.2, 55.2, 0.1), "]"), true},  // inside
           {absl::StrCat("[", Square(40, 50, 20), "]"), true},       // around
           {absl::StrCat("[", Square(50, 55, 1), "]"), false},       // beside, with a border
           {absl::StrCat("[", Square(50, 56, 1), "]"), false},       // at a corner
           {absl::StrCat("[", Square(70, 55, 1), "]"), false},
       }) {
    EXPECT_EQ(square.Overlaps(parse(c.rings)), c.overlaps) << c.rings;
    EXPECT_EQ(parse(c.rings).Overlaps(square), c.overlaps) << c.rings;
  }
  EXPECT_FALSE(ring.Overlaps(square)) << "in the hole";
  const Boundary east = parse("[[[179,10],[-179,10],[-179,11],[179,11],[179,10]]]");
  const Boundary west = parse("[[[-180,10],[-178,10],[-178,11],[-180,11],[-180,10]]]");
  EXPECT_TRUE(east.Overlaps(west));
  EXPECT_TRUE(west.Overlaps(east));
}

}  // namespace
}  // namespace veche::geo
