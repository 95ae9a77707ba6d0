#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/events/event_log.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/text/stem.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/test_appeals.h"

namespace veche::appeals {

// A store on each engine, for the tests of its contract.
class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {events::Migrations(), Migrations()}));
    log_ = std::make_unique<events::EventLog>("appeals", *database_, clock_, ids_);
    store_ = std::make_unique<Store>(*database_, *log_, absl::UTCTimeZone(),
                                     ScanLimits{.rows = 5, .covered = 8, .cells = 10});
  }

  std::string Add(const TestAppeal& wanted) {
    Appeal appeal = MakeAppeal(ids_, wanted);
    auto created = CreateAppeal(*database_, *store_, appeal);
    EXPECT_OK(created);
    const auto terms = text::SearchTerms(wanted.text);
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      return store_->Index(transaction, appeal.id, terms);
    }));
    return appeal.id;
  }
  // Makes the appeals that meet `condition` look as written by the release before map_cell.
  void ForgetMapCells(absl::string_view condition) {
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      return transaction
          .Execute(absl::StrCat("UPDATE appeals SET map_cell = NULL, map_cell_of = NULL WHERE ",
                                condition))
          .status();
    }));
  }
  // Changes, each as its own transaction.
  absl::StatusOr<Appeal> SetRelation(const std::string& id, RelationKind kind, bool on,
                                     const Actor& resident, CheckFunction check = NoCheck) {
    return Write([&](sql::Transaction& transaction) {
      return store_->SetRelation(transaction, id, kind, on, resident, check);
    });
  }
  absl::StatusOr<Appeal> Merge(const std::string& id, const std::string& into,
                               MergeFunction change) {
    return Write([&](sql::Transaction& transaction) {
      return store_->Merge(transaction, id, into, change);
    });
  }
  // A created time that grows with `i`.
  absl::Time Minute(int i) const { return clock_.Now() + absl::Minutes(i); }

  // Every id that the list gives, page by page.
  std::vector<std::string> ListAll(const ListFilter& filter, int limit = 3) {
    std::vector<std::string> ids;
    std::optional<int64_t> from;
    for (int pages = 0; pages < 200; ++pages) {
      auto page = store_->List(filter, from, limit);
      EXPECT_OK(page);
      if (!page.ok()) return ids;
      EXPECT_LE(page->appeals.size(), static_cast<size_t>(limit));
      for (const Appeal& appeal : page->appeals) ids.push_back(appeal.id);
      if (!page->next) return ids;
      from = page->next;
    }
    ADD_FAILURE() << "the list does not end";
    return ids;
  }

  static absl::Status NoCheck(const Appeal&) { return absl::OkStatus(); }
  absl::StatusOr<Appeal> Write(
      absl::FunctionRef<absl::StatusOr<Appeal>(sql::Transaction&)> change) {
    Appeal appeal;
    RETURN_IF_ERROR(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(appeal, change(transaction));
      return absl::OkStatus();
    }));
    return appeal;
  }

  testing::FakeClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<Store> store_;
};

}  // namespace veche::appeals
