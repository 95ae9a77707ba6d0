#include "services/classification/storage/example_store.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/testing/learning_fakes.h"

namespace veche::classification {
namespace {

using testing::TimeAt;

class ExampleStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }

  void Put(const StaffDecision& decided) {
    EXPECT_OK(database_->Write(
        [&](sql::Transaction& transaction) { return store_.PutDecision(transaction, decided); }));
  }
  void Put(const Routing& routing) {
    EXPECT_OK(database_->Write(
        [&](sql::Transaction& transaction) { return store_.PutRouting(transaction, routing); }));
  }
  // The result of `read` in a transaction.
  template <typename Read>
  auto Get(Read read) {
    decltype(read(std::declval<sql::Transaction&>())) result = absl::UnknownError("not run");
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) {
      result = read(transaction);
      return result.status();
    }));
    return *std::move(result);
  }
  std::optional<StaffDecision> Find(const std::string& appeal,
                                    LabelKind kind = LabelKind::kCategory) {
    return Get([&](sql::Transaction& transaction) {
      return store_.FindDecision(transaction, appeal, kind);
    });
  }

  std::unique_ptr<sql::Database> database_;
  ExampleStore store_;
};

StaffDecision Decide(const std::string& appeal, const std::string& label, int second,
                     Decision decision = Decision::kChanged) {
  return {.appeal = appeal,
          .decision = decision,
          .label = label,
          .staff = "staff/ann",
          .time = TimeAt(second)};
}

TEST_P(ExampleStoreTest, TheLatestDecisionReplacesTheOneBefore) {
  EXPECT_EQ(Find("appeals/1"), std::nullopt);
  Put(Decide("appeals/1", "categories/a", 1));
  Put(Decide("appeals/1", "categories/b", 2));
  EXPECT_EQ(Find("appeals/1")->label, "categories/b");
  EXPECT_EQ(Find("appeals/1", LabelKind::kDepartment), std::nullopt);
}

TEST_P(ExampleStoreTest, LettingALabelStandDoesNotReplaceWhoGaveIt) {
  Put(Decide("appeals/1", "categories/a", 1));
  StaffDecision stands = Decide("appeals/1", "categories/a", 2, Decision::kKept);
  stands.staff = "staff/bob";
  Put(stands);
  EXPECT_EQ(Find("appeals/1")->staff, "staff/ann");
  EXPECT_EQ(Find("appeals/1")->decision, Decision::kChanged);
  stands.label = "categories/b";
  Put(stands);
  EXPECT_EQ(Find("appeals/1")->label, "categories/a") << "a correction that the appeal ignored";
  Put(Decide("appeals/1", "categories/c", 0));
  EXPECT_EQ(Find("appeals/1")->label, "categories/a") << "an older word that came late";
  Put(Decide("appeals/1", "categories/c", 3));
  EXPECT_EQ(Find("appeals/1")->label, "categories/c");
}

TEST_P(ExampleStoreTest, ADecisionKnowsWhatHadBeenSuggested) {
  Put(Routing{.appeal = "appeals/1",
              .category = "categories/a",
              .department = "departments/x",
              .model = "m1",
              .time = TimeAt(0),
              .shadow_model = "m2",
              .shadow = "categories/b"});
  Put(Decide("appeals/1", "categories/b", 1));
  const auto decided = Find("appeals/1");
  EXPECT_EQ(decided->model, "m1");
  EXPECT_EQ(decided->suggested, "categories/a");
  EXPECT_EQ(decided->shadow, "categories/b");
  const auto pairs = [&](const char* active) {
    return Get([&](sql::Transaction& transaction) {
      return store_.ShadowPairs(transaction, "m2", active, 10);
    });
  };
  EXPECT_EQ(pairs("m1"), (PairsByPerson{{"staff/ann", {.of = 1, .gained = 1, .lost = 0}}}));
  EXPECT_EQ(pairs("m0"), PairsByPerson()) << "another model was in use";
  const auto agreement = [&](const char* active) {
    return Get([&](sql::Transaction& transaction) {
      return store_.ShadowAgreement(transaction, "m2", active, 10);
    });
  };
  EXPECT_EQ(agreement("m1"), (Tally{.yes = 0, .of = 1}));
  EXPECT_EQ(agreement("m0"), Tally());
}

TEST_P(ExampleStoreTest, ListsNewestFirstInPagesWithoutGaps) {
  for (int i = 0; i < 10; ++i) {
    Put(Decide(absl::StrCat("appeals/", i), "categories/a", i / 2));  // pairs share their time
  }
  std::vector<std::string> seen;
  ExamplePosition from;
  for (;;) {
    const auto page = Get([&](sql::Transaction& transaction) {
      return store_.ListDecisions(transaction, LabelKind::kCategory, from, 3);
    });
    if (page.empty()) break;
    for (const StaffDecision& decided : page) seen.push_back(decided.appeal);
    from = {page.back().time, page.back().appeal};
  }
  ASSERT_EQ(seen.size(), 10u);
  EXPECT_EQ(seen.front(), "appeals/9");
  EXPECT_EQ(seen.back(), "appeals/0");
  const int64_t newer = Get([&](sql::Transaction& transaction) {
    return store_.CountDecisions(transaction, TimeAt(3), 100);
  });
  EXPECT_EQ(newer, 2);
}

TEST_P(ExampleStoreTest, MeasuresTheNewestOfAWindow) {
  for (int i = 0; i < 10; ++i) {
    const std::string appeal = absl::StrCat("appeals/", i);
    Put(Routing{.appeal = appeal,
                .category = i < 5 ? "categories/old" : "categories/new",
                .model = "m1",
                .confident = i % 2 == 0,
                .time = TimeAt(i)});
    if (i >= 6) Put(Decide(appeal, i == 9 ? "categories/other" : "categories/new", 100 + i));
  }
  Put(Decide("appeals/unrouted", "categories/new", 200));
  const auto mix =
      Get([&](sql::Transaction& transaction) { return store_.CategoryMix(transaction, 6); });
  EXPECT_EQ(mix, (std::map<std::string, int64_t>{{"categories/old", 1}, {"categories/new", 5}}));
  const Tally abstained =
      Get([&](sql::Transaction& transaction) { return store_.Abstained(transaction, 4); });
  EXPECT_EQ(abstained, (Tally{.yes = 2, .of = 4}));
  const Tally agreement = Get([&](sql::Transaction& transaction) {
    return store_.Agreement(transaction, LabelKind::kCategory, 100);
  });
  EXPECT_EQ(agreement, (Tally{.yes = 3, .of = 4}));
}

TEST_P(ExampleStoreTest, PrunesAFewOldOnesAtATime) {
  for (int i = 0; i < 10; ++i) {
    Put(Decide(absl::StrCat("appeals/", i), "categories/a", i));
    Put(Routing{.appeal = absl::StrCat("appeals/", i), .model = "m1", .time = TimeAt(i)});
  }
  const auto prune = [&] {
    int64_t deleted = 0;
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      auto done = store_.Prune(transaction, TimeAt(8), TimeAt(4), 3);
      if (done.ok()) deleted = *done;
      return done.status();
    }));
    return deleted;
  };
  EXPECT_EQ(prune(), 6);
  EXPECT_EQ(prune(), 4);
  EXPECT_EQ(prune(), 2);
  EXPECT_EQ(prune(), 0);
  EXPECT_TRUE(Find("appeals/4").has_value());
}

INSTANTIATE_TEST_SUITE_P(Engines, ExampleStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::classification
