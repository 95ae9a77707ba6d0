#include "common/sql/bulk_insert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::sql {
namespace {

using ::veche::testing::IsOkAndHolds;
using ::veche::testing::StatusIs;

constexpr BulkColumn kColumns[] = {{"id", "TEXT"},
                                   {"n", "BIGINT"},
                                   {"x", "DOUBLE PRECISION"},
                                   {"ok", "BOOLEAN"},
                                   {"raw", "BYTEA"}};

class BulkInsertTest : public ::testing::TestWithParam<testing::TestEngine> {
 protected:
  void SetUp() override {
    db_ = GetParam().open();
    if (db_ == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    ASSERT_OK(db_->Write([](Transaction& tx) {
      return tx.ExecuteScript(
          "CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT, x DOUBLE PRECISION, ok BOOLEAN, "
          "raw BYTEA);");
    }));
  }
  absl::StatusOr<int64_t> Insert(const std::vector<Value>& values, absl::string_view tail = "") {
    int64_t inserted = -1;
    RETURN_IF_ERROR(db_->Write([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(inserted, BulkInsert(tx, "things", kColumns, values, tail));
      return absl::OkStatus();
    }));
    return inserted;
  }
  std::vector<Row> All() {
    std::vector<Row> rows;
    EXPECT_OK(db_->Read([&](Transaction& tx) -> absl::Status {
      ASSIGN_OR_RETURN(rows, tx.Query("SELECT id, n, x, ok, raw FROM things ORDER BY id"));
      return absl::OkStatus();
    }));
    return rows;
  }

  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(, BulkInsertTest, ::testing::ValuesIn(testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(BulkInsertTest, KeepsEveryTypeAndNull) {
  const std::string text = "a\"b\\c, {d} ' NULL Яма 🚧\n";
  const std::string bytes("\0\\\"\xff", 4);
  ASSERT_THAT(Insert({text, -7, 0.1, true, Blob{bytes}, "z", std::nullopt, std::nullopt,
                      std::nullopt, std::nullopt}),
              IsOkAndHolds(2));
  const std::vector<Row> rows = All();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].Text(0), text);
  EXPECT_EQ(rows[0].Int(1), -7);
  EXPECT_EQ(rows[0].Double(2), 0.1);
  EXPECT_TRUE(rows[0].Bool(3));
  EXPECT_EQ(rows[0].Bytes(4), bytes);
  for (size_t column = 1; column < 5; ++column) EXPECT_TRUE(rows[1].IsNull(column));
}

TEST_P(BulkInsertTest, CountsWhatItInserts) {
  EXPECT_THAT(Insert({}), IsOkAndHolds(0));
  std::vector<Value> values;
  for (int i = 0; i < 1000; ++i) {
    values.insert(values.end(), {absl::StrCat("id", i), i, 1.0, false, Blob{}});
  }
  EXPECT_THAT(Insert(values), IsOkAndHolds(1000));
  EXPECT_THAT(Insert(values), StatusIs(absl::StatusCode::kAlreadyExists));
  values.insert(values.end(), {"new", 1, 1.0, false, Blob{}});
  EXPECT_THAT(Insert(values, " ON CONFLICT DO NOTHING"), IsOkAndHolds(1));
  EXPECT_EQ(All().size(), 1001);
}

TEST_P(BulkInsertTest, RefusesTextWithNul) {
  EXPECT_THAT(Insert({std::string("a\0b", 3), 1, 1.0, true, Blob{}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace veche::sql
