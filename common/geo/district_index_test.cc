#include "common/geo/district_index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/util/json_util.h"

namespace veche::geo {
namespace {

Boundary Area(absl::string_view ring) {
  auto boundary =
      Boundary::Parse(absl::StrCat(R"({"type": "Polygon", "coordinates": [)", ring, "]}"));
  EXPECT_OK(boundary);
  return *boundary;
}

TEST(DistrictIndexTest, PutsAPointOnASharedBorderIntoOneArea) {
  DistrictIndex index({Area("[[49,55],[50,55],[50,56],[49,56],[49,55]]"),
                       Area("[[50,55],[51,55],[51,56],[50,56],[50,55]]")});
  EXPECT_EQ(index.Locate({55.5, 49.5}), 0u);
  EXPECT_EQ(index.Locate({55.5, 50.5}), 1u);
  EXPECT_EQ(index.Locate({55.5, 52}), std::nullopt);
  for (double latitude = 55.01; latitude < 56; latitude += 0.01) {
    EXPECT_NE(index.Locate({latitude, 50}), std::nullopt) << latitude;
  }
}

// A district around another one, with a village of its own inside that one.
TEST(DistrictIndexTest, KnowsEnclavesAndExclaves) {
  const auto outer = Boundary::Parse(
      R"({"type": "MultiPolygon", "coordinates": [
          [[[49,55],[52,55],[52,58],[49,58],[49,55]], [[50,56],[51,56],[51,57],[50,57],[50,56]]],
          [[[50.4,56.4],[50.6,56.4],[50.6,56.6],[50.4,56.6],[50.4,56.4]]]]})");
  const auto inner = Boundary::Parse(
      R"({"type": "Polygon", "coordinates": [
          [[50,56],[51,56],[51,57],[50,57],[50,56]],
          [[50.4,56.4],[50.6,56.4],[50.6,56.6],[50.4,56.6],[50.4,56.4]]]})");
  ASSERT_OK(outer);
  ASSERT_OK(inner);
  const DistrictIndex index({*outer, *inner});
  const DistrictIndex reversed({*inner, *outer});
  struct Case {
    LatLng point;
    size_t area;
  };
  for (const Case& c : {Case{{55.5, 50.5}, 0}, Case{{56.2, 50.5}, 1}, Case{{56.5, 50.5}, 0},
                        Case{{56.5, 50.3}, 1}, Case{{57.5, 50.5}, 0}}) {
    EXPECT_EQ(index.Locate(c.point), c.area) << c.point.latitude << "," << c.point.longitude;
  }
  // Points on the inner borders belong to one of the two, the same one in any order.
  for (const LatLng& point : {LatLng{56, 50.5}, LatLng{56.5, 50}, LatLng{57, 50.5}, LatLng{56, 50},
                              LatLng{56.4, 50.5}, LatLng{56.6, 50.6}}) {
    const auto area = index.Locate(point);
    ASSERT_TRUE(area.has_value()) << point.latitude << "," << point.longitude;
    EXPECT_EQ(reversed.Locate(point), 1 - *area) << point.latitude << "," << point.longitude;
  }
}

TEST(DistrictIndexTest, TakesTheFirstWhereAreasOverlap) {
  std::string left = "[[49,55],[50.5,55],[50.5,56],[49,56],[49,55]]";
  std::string right = "[[50,55],[51,55],[51,56],[50,56],[50,55]]";
  DistrictIndex index({Area(left), Area(right)});
  DistrictIndex reversed({Area(right), Area(left)});
  EXPECT_EQ(index.Locate({55.5, 50.2}), 0u);
  EXPECT_EQ(reversed.Locate({55.5, 50.2}), 0u);
}

TEST(DistrictIndexTest, HasNothingWhenEmpty) {
  EXPECT_EQ(DistrictIndex({}).Locate({0, 0}), std::nullopt);
}

TEST(DistrictIndexTest, AnswersManyThreadsAtOnce) {
  DistrictIndex index({Area("[[49,55],[50,55],[50,56],[49,56],[49,55]]")});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) EXPECT_EQ(index.Locate({55.5, 49.5}), 0u);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(DistrictIndexTest, KnowsTheDistrictsOfKazan) {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  const std::filesystem::path root = source ? source : ".";
  google::protobuf::Struct collection;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  ReadFile(root / "demo/kazan/districts.geojson"), &collection)
                  .ok());
  std::vector<std::string> ids;
  std::vector<Boundary> areas;
  for (const auto& feature : collection.fields().at("features").list_value().values()) {
    const auto& fields = feature.struct_value().fields();
    auto boundary = Boundary::FromGeoJson(fields.at("geometry").struct_value());
    ASSERT_OK(boundary);
    double stated = fields.at("properties").struct_value().fields().at("area_km2").number_value();
    EXPECT_NEAR(boundary->AreaKm2(), stated, stated * 0.02);
    EXPECT_TRUE(boundary->Contains(boundary->Label()));
    areas.push_back(*boundary);
    ids.push_back(fields.at("id").string_value());
  }
  DistrictIndex index(std::move(areas));

  std::vector<std::string> lines = absl::StrSplit(
      ReadFile(root / "common/geo/testdata/kazan_point_checks.tsv"), '\n', absl::SkipEmpty());
  for (size_t i = 1; i < lines.size(); ++i) {
    std::vector<std::string> columns = absl::StrSplit(lines[i], '\t');
    ASSERT_EQ(columns.size(), 4u) << lines[i];
    LatLng point;
    ASSERT_TRUE(absl::SimpleAtod(columns[1], &point.latitude));
    ASSERT_TRUE(absl::SimpleAtod(columns[2], &point.longitude));
    auto found = index.Locate(point);
    EXPECT_EQ(found ? ids[*found] : "", columns[3].empty() ? "" : "kazan-" + columns[3])
        << columns[0];
  }
}

}  // namespace
}  // namespace veche::geo
