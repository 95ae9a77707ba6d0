#include "services/classification/workers/intake.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/testing/learning_fakes.h"

namespace veche::classification {
namespace {

using testing::MakeEvent;

class IntakeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }
  void Apply(const std::vector<events::Event>& batch) {
    const auto effect = intake_.Decide(batch);
    ASSERT_OK(effect);
    if (!*effect) return;
    ASSERT_OK(
        database_->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); }));
  }
  std::optional<Routing> FindRouting(const std::string& appeal) {
    std::optional<Routing> routing;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) {
      auto found = store_.FindRouting(transaction, appeal);
      if (found.ok()) routing = *found;
      return found.status();
    }));
    return routing;
  }

  const std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  ExampleStore store_;
  testing::FakeTexts texts_;
  std::shared_ptr<const Classifier> shadow_;
  Intake intake_{{}, store_, texts_, [this] { return shadow_; }, observe::NullTelemetry()};
};

TEST_F(IntakeTest, KeepsRoutingsAndDecisionsAndPassesOverTheRest) {
  events::Event broken = MakeEvent({});
  broken.data = "\xFF";
  Apply({broken, MakeEvent({.type = "registered", .suggested = "categories/snow"}),
         MakeEvent({.type = "messaged"}),
         MakeEvent({.type = "assigned", .previous_category = "categories/snow"})});
  EXPECT_EQ(FindRouting("appeals/1")->category, "categories/snow");
  EXPECT_EQ(FindRouting("appeals/1")->shadow_model, "");
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) {
    auto found = store_.FindDecision(transaction, "appeals/1", LabelKind::kCategory);
    EXPECT_EQ((*found)->suggested, "categories/snow");
    EXPECT_EQ((*found)->label, "categories/heating");
    return found.status();
  }));
}

TEST_F(IntakeTest, AsksTheShadowAboutRoutedAppeals) {
  shadow_ = *LoadBuiltIn();
  texts_.texts["appeals/1"] = {"Не горит фонарь во дворе"};
  Apply({MakeEvent({.type = "registered", .suggested = "categories/snow"}),
         MakeEvent({.type = "registered", .appeal = "appeals/gone", .suggested = "categories/a"})});
  EXPECT_EQ(FindRouting("appeals/1")->shadow, "categories/street_lighting");
  EXPECT_EQ(FindRouting("appeals/1")->shadow_model, shadow_->model().version());
  EXPECT_EQ(FindRouting("appeals/gone")->shadow_model, "");
}

TEST_F(IntakeTest, AShadowThatCannotBeAskedHoldsNothingUp) {
  shadow_ = *LoadBuiltIn();
  texts_.status = absl::UnavailableError("appeals is away");
  Apply({MakeEvent({.type = "registered", .suggested = "categories/snow"})});
  EXPECT_EQ(FindRouting("appeals/1")->shadow_model, "");
}

TEST(SamplingTest, TakesAboutTheShareThatIsWished) {
  int taken = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = absl::StrCat("appeals/", i);
    EXPECT_TRUE(IsSampled(name, 1));
    EXPECT_FALSE(IsSampled(name, 0));
    EXPECT_FALSE(IsSampled(name, -1));
    taken += IsSampled(name, 0.25) ? 1 : 0;
  }
  EXPECT_NEAR(taken, 250, 50);
}

}  // namespace
}  // namespace veche::classification
