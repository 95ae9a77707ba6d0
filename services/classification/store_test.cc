#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/migrations.h"
#include "services/classification/sql_store.h"

namespace veche::classification {
namespace {

class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {rpc::IdempotencyMigrations(), Migrations()}));
  }

  absl::Status Put(const Correction& correction) {
    return database_->Write([&](sql::Transaction& transaction) {
      return store_.PutCorrection(transaction, correction);
    });
  }
  std::optional<Correction> Find(absl::string_view appeal) {
    std::optional<Correction> found;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) {
      auto correction = store_.FindCorrection(transaction, appeal);
      if (correction.ok()) found = *correction;
      return correction.status();
    }));
    return found;
  }

  std::unique_ptr<sql::Database> database_;
  SqlStore store_;
};

TEST_P(StoreTest, TheLatestDecisionCounts) {
  EXPECT_EQ(Find("appeals/a"), std::nullopt);
  EXPECT_OK(Put({"appeals/a", "categories/heating", "staff/1", absl::FromUnixSeconds(5)}));
  EXPECT_OK(Put({"appeals/b", "categories/heating", "staff/1", absl::FromUnixSeconds(5)}));
  EXPECT_OK(Put({"appeals/a", "categories/manholes", "staff/2", absl::FromUnixSeconds(6)}));
  const auto found = Find("appeals/a");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->category, "categories/manholes");
  EXPECT_EQ(found->staff, "staff/2");
  EXPECT_EQ(found->create_time, absl::FromUnixSeconds(6));
  EXPECT_EQ(Find("appeals/b")->category, "categories/heating");
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::classification
