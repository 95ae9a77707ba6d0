#include "services/appeals/workers/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "common/text/stem.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/fakes.h"
#include "services/appeals/testing/test_appeals.h"
#include "services/appeals/workers/deadline_worker.h"

namespace veche::appeals {
namespace {

using testing::StatusIs;

class AppealsRouterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(sql::Migrate(*database_, {events::Migrations(), Migrations()}));
    ASSERT_OK(city_.Refresh());
  }

  // A new appeal that waits for the router.
  std::string Add(const std::string& text, Class appeal_class = Class::kMessage) {
    Appeal appeal = MakeAppeal(ids_, {.text = text,
                                      .created = clock_.Now(),
                                      .category = "",
                                      .department = "",
                                      .state = State::kSubmitted});
    appeal.registered.reset();
    appeal.appeal_class = appeal_class;
    appeal.clock.formal = appeal_class == Class::kFormal;
    EXPECT_OK(CreateAppeal(*database_, store_, appeal));
    return appeal.id;
  }
  absl::Status Route(const std::vector<std::string>& ids) {
    std::vector<events::Event> events;
    for (const std::string& id : ids) {
      events.push_back(
          {.type = "veche.appeals.submitted", .subject = absl::StrCat("appeals/", id)});
    }
    auto effect = router_.Handle(events);
    if (!effect.ok()) return effect.status();
    return database_->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); });
  }

  testing::FakeClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  events::EventLog log_{"appeals", *database_, clock_, ids_};
  Store store_{*database_, log_, absl::UTCTimeZone()};
  Peers peers_;
  City city_{peers_.channel(), observe::NullTelemetry()};
  WorkingCalendar calendar_ = WorkingCalendar::Russia(absl::UTCTimeZone());
  RuleStore rule_store_{*database_};
  RuleBook rules_{rule_store_};
  Router router_{
      store_, city_, rules_, peers_.channel(), calendar_, clock_, observe::NullTelemetry()};
};

TEST_F(AppealsRouterTest, GivesTheCitysTermsToWhatHasNoCategory) {
  const std::string formal = Add("Непонятно что", Class::kFormal);
  ASSERT_OK(Route({formal}));
  auto appeal = store_.Get(formal);
  ASSERT_OK(appeal);
  EXPECT_EQ(appeal->state, State::kRegistered);
  EXPECT_EQ(appeal->legal_profile, "ru-59fz");
  EXPECT_EQ(appeal->clock.response_hours, 240);
  ASSERT_TRUE(appeal->due.has_value());
  EXPECT_LE(*appeal->due, clock_.Now() + absl::Hours(24 * 31));
  EXPECT_TRUE(appeal->next_check.has_value());
}

TEST_F(AppealsRouterTest, RegistersATextThatBreaksClassificationAfterAFewTries) {
  const std::string bad = Add("ошибка");
  const std::string good = Add("Яма");
  EXPECT_THAT(Route({bad, good}), StatusIs(absl::StatusCode::kInternal));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Route({bad}), StatusIs(absl::StatusCode::kInternal));
  ASSERT_OK(Route({bad, good}));
  EXPECT_EQ(store_.Get(bad)->state, State::kRegistered);
  EXPECT_EQ(store_.Get(good)->state, State::kAssigned);
}

TEST_F(AppealsRouterTest, AsksAboutAsManyTextsAtOnceAsACallTakes) {
  std::vector<std::string> ids;
  for (int i = 0; i < 65; ++i) ids.push_back(Add("Яма"));
  ASSERT_OK(Route(ids));
  EXPECT_EQ(peers_.classification.batches, 2);
  EXPECT_EQ(peers_.classification.calls, 65);
  for (const std::string& id : ids) EXPECT_EQ(store_.Get(id)->state, State::kAssigned);
}

TEST_F(AppealsRouterTest, AsksOneByOneWhereATextBreaksTheBatchOfAll) {
  peers_.classification.breaks_batches = true;
  const std::string bad = Add("ошибка");
  const std::string good = Add("Яма");
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(Route({bad, good}), StatusIs(absl::StatusCode::kInternal));
  }
  ASSERT_OK(Route({bad, good}));
  EXPECT_EQ(store_.Get(bad)->state, State::kRegistered);
  EXPECT_EQ(store_.Get(good)->state, State::kAssigned);
}

TEST_F(AppealsRouterTest, AsksOneByOneWhereTheClassifierIsOlder) {
  peers_.classification.no_batches = true;
  const std::vector<std::string> ids = {Add("Яма"), Add("Нет тепла")};
  ASSERT_OK(Route(ids));
  for (const std::string& id : ids) EXPECT_EQ(store_.Get(id)->state, State::kAssigned);
}

TEST_F(AppealsRouterTest, TellsASlowTextFromASlowClassifier) {
  const std::string bad = Add("ошибка");
  peers_.classification.error = grpc::StatusCode::DEADLINE_EXCEEDED;
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(Route({bad}), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  ASSERT_OK(Route({bad}));
  EXPECT_EQ(store_.Get(bad)->state, State::kRegistered);
}

TEST_F(AppealsRouterTest, WaitsForEverForAClassifierThatIsDown) {
  const std::string id = Add("ошибка");
  peers_.classification.error = grpc::StatusCode::RESOURCE_EXHAUSTED;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Route({id}).ok());
  peers_.classification.down = true;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Route({id}).ok());
  const std::string other = Add("Яма");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(Route({id, other}).ok());
  EXPECT_EQ(store_.Get(id)->state, State::kSubmitted);
  EXPECT_EQ(store_.Get(other)->state, State::kSubmitted);
}

TEST_F(AppealsRouterTest, GivesTheDepartmentThatWasLearnedWhereItIsSure) {
  const std::string id = Add("Яма от соседей");
  const std::string other = Add("Яма");
  ASSERT_OK(Route({id, other}));
  auto appeal = store_.Get(id);
  ASSERT_OK(appeal);
  EXPECT_EQ(appeal->category, "categories/potholes");
  EXPECT_EQ(appeal->department, "departments/housing");
  EXPECT_EQ(appeal->routing.by, RoutedBy::kModel);
  EXPECT_EQ(appeal->routing.probability, 0.95);
  EXPECT_EQ(store_.Get(other)->routing.by, RoutedBy::kCategory);
}

TEST_F(AppealsRouterTest, LeavesToAPersonWhatIsNotSureWithASuggestion) {
  const std::string id = Add("Яма, похоже, или нет тепла");
  ASSERT_OK(Route({id}));
  auto appeal = store_.Get(id);
  ASSERT_OK(appeal);
  EXPECT_EQ(appeal->state, State::kRegistered);
  EXPECT_EQ(appeal->category, "");
  EXPECT_EQ(appeal->department, "");
  EXPECT_EQ(appeal->routing.by, RoutedBy::kNobody);
  EXPECT_EQ(appeal->routing.suggested_category, "categories/potholes");
  EXPECT_EQ(appeal->routing.probability, 0.45);
  EXPECT_EQ(appeal->routing.model, "m1");
  EXPECT_EQ(store_.GetTimeline(id)->back().text, "LEFT_TO_A_PERSON");
  auto triage = store_.Inbox({.state = State::kRegistered}, {}, 10);
  ASSERT_OK(triage);
  EXPECT_EQ(triage->appeals.size(), 1u);
}

TEST_F(AppealsRouterTest, GivesADepartmentWhatIsSurelyItsThoughTheCategoryIsNot) {
  const std::string id = Add("Яма, похоже, или колодец");
  ASSERT_OK(Route({id}));
  auto appeal = store_.Get(id);
  ASSERT_OK(appeal);
  EXPECT_EQ(appeal->state, State::kAssigned);
  EXPECT_EQ(appeal->category, "categories/potholes");
  EXPECT_EQ(appeal->department, "departments/roads");
  EXPECT_EQ(appeal->routing.by, RoutedBy::kCategories);
  EXPECT_EQ(appeal->routing.probability, 0.9);
  EXPECT_EQ(appeal->routing.suggested_category, "categories/potholes");
}

TEST_F(AppealsRouterTest, SendsEmergenciesOnAtOnce) {
  const std::string id = Add("Яма, похоже, или нет тепла, пахнет газом");
  ASSERT_OK(Route({id}));
  EXPECT_EQ(store_.Get(id)->state, State::kAssigned);
  EXPECT_EQ(store_.Get(id)->priority, Priority::kEmergency);
  EXPECT_EQ(store_.Get(id)->routing.suggested_category, "categories/potholes");
}

TEST_F(AppealsRouterTest, CountsWhatIsTheSameNearBy) {
  std::vector<std::string> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(Add("Яма"));
  ASSERT_OK(Route(ids));
  clock_.Advance(absl::Hours(24 * 20));
  const std::string late = Add("Яма");
  const std::string other = Add("Нет тепла");
  ASSERT_OK(Route({late, other}));
  EXPECT_EQ(store_.Get(late)->similar_count, 10);
  EXPECT_EQ(store_.Get(other)->similar_count, 0);
  EXPECT_EQ(Urgency(*store_.Get(late)).reasons.at(0).reason, "repeats");
  EXPECT_EQ(Urgency(*store_.Get(late)).score, 45);
  clock_.Advance(absl::Hours(24 * 11));
  const std::string later = Add("Яма");
  ASSERT_OK(Route({later}));
  EXPECT_EQ(store_.Get(later)->similar_count, 1);
}

TEST_F(AppealsRouterTest, FindsWhatWasMovedMeanwhileByItsNewAddressAlone) {
  const std::string id = Add("Яма");
  const auto move_to = [&](const char* address) {
    return store_.Update(id, [address](Appeal& appeal, Record&) {
      appeal.address = address;
      return absl::OkStatus();
    });
  };
  ASSERT_OK(move_to("Садовая"));
  auto effect = router_.Handle({{{.type = "veche.appeals.submitted", .subject = "appeals/" + id}}});
  ASSERT_OK(effect);
  ASSERT_OK(move_to("Лесная"));
  ASSERT_OK(
      database_->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); }));
  EXPECT_TRUE(store_.Get(id)->routed);
  EXPECT_EQ(store_.List({.terms = text::SearchTerms("Лесная")}, {}, 10)->appeals.size(), 1u);
  EXPECT_EQ(store_.List({.terms = text::SearchTerms("Садовая")}, {}, 10)->appeals.size(), 0u);
}

// A row that cannot be changed.
TEST_F(AppealsRouterTest, ADeadlineThatCannotBeCheckedDoesNotHoldUpTheOthers) {
  const std::string bad = Add("Непонятно что");
  clock_.Advance(absl::Minutes(1));
  const std::string good = Add("Непонятно что");
  ASSERT_OK(Route({bad}));
  ASSERT_OK(Route({good}));
  clock_.Advance(absl::Hours(24 * 60));
  // Its next entry of the timeline is taken, so each change of it fails.
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.Execute("UPDATE appeals SET entry_count = 0 WHERE ord = $1", TimeKey(bad))
        .status();
  }));
  DeadlineWorker worker(store_, calendar_, clock_, observe::NullTelemetry());
  auto changed = worker.RunOnce();
  ASSERT_OK(changed);
  EXPECT_EQ(*changed, 1);
  EXPECT_EQ(store_.Get(good)->alarm, Alarm::kOverdue);
  EXPECT_EQ(store_.Get(good)->priority, Priority::kHigh);
  EXPECT_EQ(*worker.RunOnce(), 0);
}

}  // namespace
}  // namespace veche::appeals
