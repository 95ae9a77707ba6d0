#include "services/appeals/storage/rule_store.h"

#include <gtest/gtest.h>

#include "common/events/event_log.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/appeals/storage/rule_book.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/test_appeals.h"
#include "services/appeals/testing/test_rules.h"

namespace veche::appeals {
namespace {

using testing::HasReason;
using testing::StatusIs;

class RuleStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {events::Migrations(), Migrations()}));
    store_ = std::make_unique<RuleStore>(*database_);
  }

  absl::Status Put(int64_t version, const std::vector<TestRule>& rules) {
    return database_->Write([&](sql::Transaction& transaction) {
      return store_->Put(transaction, {.version = version,
                                       .rules = MakeRules(rules),
                                       .updater = "staff/ann",
                                       .updated = clock_.Now()});
    });
  }

  testing::FakeClock clock_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<RuleStore> store_;
};

TEST_P(RuleStoreTest, IsEmptyAtFirst) {
  EXPECT_EQ(*store_->NewestVersion(), 0);
  auto stored = store_->Get(0);
  ASSERT_OK(stored);
  EXPECT_EQ(stored->version, 0);
  EXPECT_TRUE(stored->rules.empty());
}

TEST_P(RuleStoreTest, KeepsEveryVersionWhole) {
  ASSERT_OK(Put(1, {{{"c:potholes", "d:west", "k:люк", "t:22-06", "w:67", "f:formal", "p:3"},
                     "night",
                     "manholes",
                     7,
                     false}}));
  ASSERT_OK(Put(2, {}));
  EXPECT_EQ(*store_->NewestVersion(), 2);
  EXPECT_TRUE(store_->Get(0)->rules.empty());
  auto first = store_->Get(1);
  ASSERT_OK(first);
  EXPECT_EQ(first->updater, "staff/ann");
  EXPECT_EQ(first->updated, clock_.Now());
  ASSERT_EQ(first->rules.size(), 1u);
  const RoutingRule& rule = first->rules[0];
  EXPECT_EQ(rule.id, "r0");
  EXPECT_EQ(rule.title, "Правило r0");
  EXPECT_EQ(rule.department, "departments/night");
  EXPECT_EQ(rule.category, "categories/manholes");
  EXPECT_EQ(rule.order, 7);
  EXPECT_FALSE(rule.enabled);
  const RoutingCondition& when = rule.when;
  EXPECT_EQ(when.categories, std::vector<std::string>{"categories/potholes"});
  EXPECT_EQ(when.districts, std::vector<std::string>{"districts/west"});
  EXPECT_EQ(when.keywords, std::vector<std::string>{"люк"});
  EXPECT_EQ(when.weekdays, (std::vector<int>{6, 7}));
  ASSERT_TRUE(when.hours.has_value());
  EXPECT_EQ(when.hours->from, 22 * 60);
  EXPECT_EQ(when.hours->to, 6 * 60);
  EXPECT_EQ(when.classes, std::vector<Class>{Class::kFormal});
  EXPECT_EQ(when.priority_at_least, Priority::kHigh);
}

TEST_P(RuleStoreTest, RefusesAVersionThatIsThere) {
  ASSERT_OK(Put(1, {}));
  EXPECT_THAT(Put(1, {}), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(store_->Get(2), HasReason("ROUTING_RULES_NOT_FOUND"));
}

TEST_P(RuleStoreTest, TheBookOpensAtTheNewestVersion) {
  RuleBook book(*store_);
  EXPECT_TRUE((*book.Get())->rules().empty());
  ASSERT_OK(Put(1, {{{"d:west"}, "night"}}));
  const auto first = *book.Get();
  EXPECT_EQ(first->rules().size(), 1u);
  EXPECT_EQ(*book.Get(), first);  // not made anew
  ASSERT_OK(Put(2, {{{"d:west"}, "night"}, {{"d:east"}, "night"}}));
  EXPECT_EQ((*book.Get())->rules().size(), 2u);
}

TEST_P(RuleStoreTest, KeepsTheReasonOnTheAppealAndFindsTheNewest) {
  UlidSource ids(clock_);
  events::EventLog log("appeals", *database_, clock_, ids);
  Store appeals(*database_, log, absl::UTCTimeZone());
  std::vector<std::string> added;
  for (int i = 0; i < 3; ++i) {
    Appeal appeal = MakeAppeal(ids, {.created = clock_.Now(), .visibility = Visibility::kPrivate});
    appeal.routing = {RoutedBy::kRule, "r1", "Ночью", 0.25, "m1", "categories/other"};
    ASSERT_OK(CreateAppeal(*database_, appeals, appeal));
    added.push_back(appeal.id);
    clock_.Advance(absl::Seconds(1));
  }
  auto newest = appeals.ListNewest(2);
  ASSERT_OK(newest);
  ASSERT_EQ(newest->size(), 2u);
  EXPECT_EQ((*newest)[0].id, added[2]);
  EXPECT_EQ((*newest)[1].id, added[1]);
  const Routing& routing = (*newest)[0].routing;
  EXPECT_EQ(routing.by, RoutedBy::kRule);
  EXPECT_EQ(routing.rule, "r1");
  EXPECT_EQ(routing.title, "Ночью");
  EXPECT_EQ(routing.probability, 0.25);
  EXPECT_EQ(routing.model, "m1");
  EXPECT_EQ(routing.previous_category, "categories/other");
}

INSTANTIATE_TEST_SUITE_P(Engines, RuleStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals
