#include "services/directory/calls/directory_calls.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/util/json_util.h"
#include "services/directory/commands/demo.h"
#include "services/directory/testing/directory_fixture.h"
#include "services/directory/texts.h"

namespace veche::directory {
namespace {

using testing::DirectoryFixture;
using testing::Kazan;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class CallsTest : public ::testing::Test, protected DirectoryFixture {
 protected:
  void ImportDemo() {
    auto demo = ReadDemoCity(Kazan(), "ru");
    ASSERT_OK(demo);
    ASSERT_OK(calls_.ImportDirectory(call_, *demo));
  }

  absl::StatusOr<v1::District> Locate(double latitude, double longitude) {
    v1::LocateDistrictRequest request;
    request.set_latitude(latitude);
    request.set_longitude(longitude);
    return calls_.LocateDistrict(call_, request);
  }

  DirectoryCalls& calls_ = handlers.directory;
  rpc::Call call_ = rpc::testing::MakeCall(rpc::testing::Admin("a"));
};

TEST_F(CallsTest, IsEmptyBeforeAnyImport) {
  EXPECT_EQ(calls_.ListDistricts(call_, {})->districts_size(), 0);
  EXPECT_EQ(calls_.ListCategories(call_, {})->categories_size(), 0);
  EXPECT_THAT(Locate(55.8, 49.1), HasReason("POINT_OUTSIDE_DISTRICTS"));
}

TEST_F(CallsTest, IsUnavailableUntilItHasReadTheStore) {
  SnapshotSource unread(*database, store, entries);
  DirectoryCalls calls(store, {*database, entries, unread, calendar, clock, ids, {}});
  EXPECT_THAT(calls.ListDistricts(call_, {}), HasReason("DIRECTORY_NOT_LOADED"));
}

TEST_F(CallsTest, ListsByTitleAndGroup) {
  ImportDemo();
  auto districts = calls_.ListDistricts(call_, {});
  ASSERT_OK(districts);
  ASSERT_EQ(districts->districts_size(), 7);
  EXPECT_EQ(districts->districts(0).name(), "districts/aviastroitelny");
  EXPECT_EQ(districts->districts(1).title(), "Вахитовский район");
  EXPECT_FALSE(districts->districts(0).has_boundary());

  v1::ListDistrictsRequest with_boundaries;
  with_boundaries.set_boundaries(true);
  EXPECT_TRUE(calls_.ListDistricts(call_, with_boundaries)->districts(0).has_boundary());

  auto departments = calls_.ListDepartments(call_, {});
  ASSERT_OK(departments);
  for (int i = 1; i < departments->departments_size(); ++i) {
    EXPECT_LE(departments->departments(i - 1).title(), departments->departments(i).title());
  }
  auto categories = calls_.ListCategories(call_, {});
  ASSERT_OK(categories);
  for (int i = 1; i < categories->categories_size(); ++i) {
    EXPECT_LE(categories->categories(i - 1).group_title(), categories->categories(i).group_title());
  }
}

TEST_F(CallsTest, ReturnsADistrictWithItsBoundary) {
  ImportDemo();
  v1::GetDistrictRequest request;
  request.set_name("districts/vakhitovsky");
  auto district = calls_.GetDistrict(call_, request);
  ASSERT_OK(district);
  EXPECT_EQ(district->titles().at("tt"), "Вахитов районы");
  EXPECT_EQ(district->boundary().fields().at("type").string_value(), "Polygon");
  EXPECT_NEAR(district->area_km2(), 31.38, 0.01);
  for (const char* name : {"districts/nowhere", "vakhitovsky", "districts/", "departments/roads"}) {
    request.set_name(name);
    EXPECT_THAT(calls_.GetDistrict(call_, request), HasReason("DISTRICT_NOT_FOUND")) << name;
  }
}

TEST_F(CallsTest, LocatesThePointsOfKazan) {
  ImportDemo();
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  std::ifstream file(std::filesystem::path(source ? source : ".") /
                     "common/geo/testdata/kazan_point_checks.tsv");
  std::string line;
  std::getline(file, line);
  int checked = 0;
  for (; std::getline(file, line); ++checked) {
    std::vector<std::string> columns = absl::StrSplit(line, '\t');
    ASSERT_EQ(columns.size(), 4u) << line;
    double latitude = 0, longitude = 0;
    ASSERT_TRUE(absl::SimpleAtod(columns[1], &latitude));
    ASSERT_TRUE(absl::SimpleAtod(columns[2], &longitude));
    auto district = Locate(latitude, longitude);
    if (columns[3].empty()) {
      EXPECT_THAT(district, HasReason("POINT_OUTSIDE_DISTRICTS")) << line;
    } else {
      ASSERT_OK(district);
      EXPECT_EQ(district->name(), "districts/" + columns[3]) << line;
      EXPECT_TRUE(district->has_boundary());
    }
  }
  EXPECT_EQ(checked, 9);
}

TEST_F(CallsTest, LeavesTheBoundaryOutWhenAsked) {
  ImportDemo();
  v1::LocateDistrictRequest request;
  request.set_latitude(55.7989);
  request.set_longitude(49.1062);
  request.set_omit_boundary(true);
  auto district = calls_.LocateDistrict(call_, request);
  ASSERT_OK(district);
  EXPECT_EQ(district->name(), "districts/vakhitovsky");
  EXPECT_FALSE(district->has_boundary());
}

TEST_F(CallsTest, RefusesPointsOffTheEarth) {
  EXPECT_THAT(Locate(91, 49), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Locate(std::nan(""), 181), HasReason("INVALID_FIELDS"));
}

TEST_F(CallsTest, ImportsAllOrNothingAndNamesEveryBadRow) {
  v1::ImportDirectoryRequest request;
  auto& department = *request.add_departments();
  department.set_name("departments/roads");
  department.set_title("Дороги");
  request.add_categories()->set_name("categories/pits");
  request.add_districts()->set_name("districts/north");
  auto answer = calls_.ImportDirectory(call_, request);
  EXPECT_THAT(answer, HasReason("INVALID_FIELDS"));
  // Category: title, group, group title, department, hours; district: title, boundary.
  EXPECT_THAT(std::string(answer.status().message()),
              ::testing::AllOf(::testing::HasSubstr("categories[0].title MUST_NOT_BE_EMPTY"),
                               ::testing::HasSubstr("categories[0].department NO_SUCH_DEPARTMENT"),
                               ::testing::HasSubstr("districts[0].boundary NOT_A_POLYGON")));
  EXPECT_EQ(calls_.ListDepartments(call_, {})->departments_size(), 0);
  ASSERT_OK(snapshots.Refresh());
  EXPECT_EQ(snapshots.Get()->version, 0);
}

TEST_F(CallsTest, AFaultOfABoundaryIsToldInTheReadersLanguage) {
  v1::ImportDirectoryRequest request;
  auto& district = *request.add_districts();
  district.set_name("districts/north");
  district.set_title("Север");
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  R"({"type": "Polygon", "coordinates": [[[49,55],[50,55],[50,56],[49,56]]]})",
                  district.mutable_boundary())
                  .ok());
  const absl::Status refused = calls_.ImportDirectory(call_, request).status();
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  EXPECT_EQ(LocalizedMessage(Localize(refused, texts, "ru")),
            "Поле districts[0].boundary заполнено неверно: нужен многоугольник GeoJSON: "
            "coordinates[0]: контур не замкнут.");
  EXPECT_EQ(LocalizedMessage(Localize(refused, texts, "en")),
            "The field districts[0].boundary is not right: must be a GeoJSON polygon: "
            "coordinates[0] does not end where it begins.");
}

TEST_F(CallsTest, ALabelHasBothCoordinates) {
  auto demo = ReadDemoCity(Kazan(), "ru");
  ASSERT_OK(demo);
  demo->mutable_districts(1)->mutable_label()->clear_longitude();
  const auto answer = calls_.ImportDirectory(call_, *demo);
  EXPECT_THAT(answer, HasReason("INVALID_FIELDS"));
  EXPECT_THAT(answer.status().ToString(), ::testing::HasSubstr("districts[1].label.longitude"));
}

TEST_F(CallsTest, ComputesAreaAndLabelWhereTheyAreNotGiven) {
  auto demo = ReadDemoCity(Kazan(), "ru");
  ASSERT_OK(demo);
  for (v1::District& district : *demo->mutable_districts()) {
    district.clear_area_km2();
    district.clear_label();
  }
  ASSERT_OK(calls_.ImportDirectory(call_, *demo));
  v1::GetDistrictRequest request;
  request.set_name("districts/vakhitovsky");
  auto district = calls_.GetDistrict(call_, request);
  ASSERT_OK(district);
  EXPECT_NEAR(district->area_km2(), 31.38, 0.5);
  auto located = Locate(district->label().latitude(), district->label().longitude());
  ASSERT_OK(located);
  EXPECT_EQ(located->name(), district->name());
}

TEST_F(CallsTest, MayBeImportedAgain) {
  ImportDemo();
  auto before = calls_.ListCategories(call_, {});
  ImportDemo();
  EXPECT_EQ(calls_.ListCategories(call_, {})->SerializeAsString().size(),
            before->SerializeAsString().size());
}

TEST_F(CallsTest, SeesWhatAnotherReplicaImported) {
  SnapshotSource other(*database, store, entries);
  ASSERT_OK(other.Refresh());
  ImportDemo();
  EXPECT_EQ(other.Get()->version, 0);
  ASSERT_OK(other.Refresh());
  EXPECT_EQ(other.Get()->version, snapshots.Get()->version);
  EXPECT_EQ(other.Get()->districts.districts_size(), 7);
}

TEST_F(CallsTest, ListsTheDistrictsThatABoxOverlaps) {
  ImportDemo();
  v1::ListDistrictsRequest request;
  request.set_bbox("49.10,55.79,49.11,55.80");  // around the Kremlin
  auto districts = calls_.ListDistricts(call_, request);
  ASSERT_OK(districts);
  ASSERT_EQ(districts->districts_size(), 1);
  EXPECT_EQ(districts->districts(0).name(), "districts/vakhitovsky");
  request.set_bbox("48,55,50,57");
  EXPECT_EQ(calls_.ListDistricts(call_, request)->districts_size(), 7);
  request.set_bbox("170,55,-170,57");
  EXPECT_EQ(calls_.ListDistricts(call_, request)->districts_size(), 0);
  request.set_bbox("-180,-85,180,85");
  EXPECT_EQ(calls_.ListDistricts(call_, request)->districts_size(), 7);
  for (const char* box : {"49,55,49,56", "49,56,50,55", "49,55", "here"}) {
    request.set_bbox(box);
    EXPECT_THAT(calls_.ListDistricts(call_, request), HasReason("INVALID_FIELDS")) << box;
  }
}

TEST_F(CallsTest, KeepsThePopulationOfADistrict) {
  auto demo = ReadDemoCity(Kazan(), "ru");
  ASSERT_OK(demo);
  const std::string name = demo->districts(0).name();
  demo->mutable_districts(0)->set_population(82'000);
  ASSERT_OK(calls_.ImportDirectory(call_, *demo));
  v1::GetDistrictRequest request;
  request.set_name(name);
  EXPECT_EQ(calls_.GetDistrict(call_, request)->population(), 82'000);
  demo->mutable_districts(0)->set_population(-1);
  EXPECT_THAT(calls_.ImportDirectory(call_, *demo), HasReason("INVALID_FIELDS"));
}

}  // namespace
}  // namespace veche::directory
