#include "services/directory/storage/store.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::directory {
namespace {

using testing::StatusIs;

class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {rpc::IdempotencyMigrations(), Migrations()}));
  }

  absl::StatusOr<City> Load() {
    absl::StatusOr<City> city;
    const absl::Status read = database_->Read([&](sql::Transaction& transaction) {
      city = store_.Load(transaction);
      return city.status();
    });
    return read.ok() ? city : read;
  }
  absl::Status Import(const City& update) {
    return database_->Write(
        [&](sql::Transaction& transaction) { return store_.Import(transaction, update); });
  }

  std::unique_ptr<sql::Database> database_;
  Store store_;
};

City MakeCity() {
  City city;
  city.districts = {{.id = "south", .title = "Юг"},
                    {.id = "north",
                     .title = "Север «ёлки»",
                     .titles = {{"en", "North"}, {"tt", "Төньяк"}},
                     .area_km2 = 12.5,
                     .label = {.latitude = 55.75, .longitude = -49.25},
                     .boundary = R"({"type": "Polygon"})",
                     .attribution = "© somebody"}};
  city.departments = {{.id = "roads",
                       .title = "Дороги",
                       .titles = {{"en", "Roads"}},
                       .kind = "roads",
                       .phones = {"112", "+7 843 1"}}};
  city.categories = {{.id = "pits",
                      .title = "Ямы",
                      .titles = {{"en", "Pits"}},
                      .group = "roads",
                      .group_title = "Дороги",
                      .department = "roads",
                      .response_hours = 120,
                      .legal_profile = "ru-59fz"}};
  return city;
}

TEST_P(StoreTest, BeginsEmpty) {
  auto city = Load();
  ASSERT_OK(city);
  EXPECT_EQ(city->version, 0);
  EXPECT_TRUE(city->districts.empty());
}

TEST_P(StoreTest, GivesBackWhatWasImported) {
  ASSERT_OK(Import(MakeCity()));
  auto city = Load();
  ASSERT_OK(city);
  EXPECT_EQ(city->version, 1);
  ASSERT_EQ(city->districts.size(), 2u);
  const District& north = city->districts[0];
  EXPECT_EQ(north.id, "north");
  EXPECT_EQ(north.title, "Север «ёлки»");
  EXPECT_EQ(north.titles, (Titles{{"en", "North"}, {"tt", "Төньяк"}}));
  EXPECT_EQ(north.area_km2, 12.5);
  EXPECT_EQ(north.label, (geo::LatLng{.latitude = 55.75, .longitude = -49.25}));
  EXPECT_EQ(north.boundary, R"({"type": "Polygon"})");
  EXPECT_EQ(north.attribution, "© somebody");
  EXPECT_TRUE(city->districts[1].titles.empty());
  ASSERT_EQ(city->departments.size(), 1u);
  EXPECT_EQ(city->departments[0].kind, "roads");
  EXPECT_EQ(city->departments[0].phones, (std::vector<std::string>{"112", "+7 843 1"}));
  ASSERT_EQ(city->categories.size(), 1u);
  const Category& pits = city->categories[0];
  EXPECT_EQ(pits.titles, (Titles{{"en", "Pits"}}));
  EXPECT_EQ(pits.group, "roads");
  EXPECT_EQ(pits.group_title, "Дороги");
  EXPECT_EQ(pits.department, "roads");
  EXPECT_EQ(pits.response_hours, 120);
  EXPECT_EQ(pits.legal_profile, "ru-59fz");
}

TEST_P(StoreTest, ReplacesByIdAndKeepsTheRest) {
  ASSERT_OK(Import(MakeCity()));
  City update;
  update.districts = {{.id = "north", .title = "Север", .titles = {{"uk", "Північ"}}}};
  update.departments = {{.id = "roads", .title = "Дорожники"}};
  ASSERT_OK(Import(update));
  auto city = Load();
  ASSERT_OK(city);
  EXPECT_EQ(city->version, 2);
  ASSERT_EQ(city->districts.size(), 2u);
  EXPECT_EQ(city->districts[0].title, "Север");
  EXPECT_EQ(city->districts[0].titles, (Titles{{"uk", "Північ"}}));
  EXPECT_EQ(city->districts[1].title, "Юг");
  EXPECT_EQ(city->departments[0].title, "Дорожники");
  EXPECT_TRUE(city->departments[0].phones.empty());
  EXPECT_EQ(city->categories.size(), 1u);
}

TEST_P(StoreTest, ImportsAllOrNothing) {
  City update = MakeCity();
  update.categories[0].department = "nobody";
  EXPECT_THAT(Import(update), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    if (auto status = store_.Import(transaction, MakeCity()); !status.ok()) return status;
    return absl::CancelledError("no");
  }),
              StatusIs(absl::StatusCode::kCancelled));
  auto city = Load();
  ASSERT_OK(city);
  EXPECT_EQ(city->version, 0);
  EXPECT_TRUE(city->districts.empty());
  EXPECT_TRUE(city->departments.empty());
}

TEST_P(StoreTest, CountsEveryImport) {
  constexpr int kThreads = 8;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this] { EXPECT_OK(Import(MakeCity())); });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) {
    const absl::StatusOr<int64_t> version = store_.Version(transaction);
    EXPECT_THAT(version, testing::IsOkAndHolds(kThreads));
    return version.status();
  }));
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::directory
