#include "services/appeals/workers/outcome_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/appeals/testing/store_fixture.h"
#include "veche/appeals/v1/events.pb.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::appeals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::StatusIs;

events::Event MakeEvent(absl::string_view type, const std::string& subject,
                        const std::vector<std::string>& appeals,
                        const std::string& merged_into = "") {
  polling::v1::PollingEvent data;
  data.set_subject(subject);
  data.set_merged_into(merged_into);
  for (const std::string& appeal : appeals) data.add_appeals(appeal);
  return {.id = "event",
          .type = absl::StrCat("veche.polling.", type),
          .subject = subject,
          .data = data.SerializeAsString()};
}

class OutcomeIntakeTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (!IsSkipped()) intake_.emplace(*store_, clock_, observe::NullTelemetry());
  }
  void Take(const std::vector<events::Event>& batch) {
    const auto effect = intake_->Decide(batch);
    ASSERT_OK(effect);
    if (!*effect) return;
    ASSERT_OK(
        database_->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); }));
  }
  // The outcomes that the log tells of an appeal.
  std::vector<std::string> Told(const std::string& id) {
    std::vector<std::string> outcomes;
    const auto events = log_->ReadAfter("", 100);
    EXPECT_OK(events);
    for (const events::Event& event : *events) {
      v1::AppealEvent data;
      data.ParseFromString(event.data);
      if (event.type == "veche.appeals.linked" && data.appeal() == "appeals/" + id) {
        outcomes.push_back(data.outcome());
      }
    }
    return outcomes;
  }

  std::optional<OutcomeIntake> intake_;
};

TEST_P(OutcomeIntakeTest, NotesOnEachAppealWhatItLedTo) {
  const std::string first = Add({}), second = Add({.state = State::kClosed}), other = Add({});
  Take({MakeEvent("poll_opened", "polls/p", {"appeals/" + second, "appeals/" + first}),
        MakeEvent("initiative_approved", "initiatives/i", {"appeals/" + first})});
  EXPECT_THAT(store_->Get(first)->outcomes, ElementsAre("polls/p", "initiatives/i"));
  EXPECT_THAT(store_->Get(second)->outcomes, ElementsAre("polls/p"));
  EXPECT_EQ(store_->Get(second)->state, State::kClosed);
  EXPECT_THAT(store_->Get(other)->outcomes, IsEmpty());
  EXPECT_THAT(Told(first), ElementsAre("polls/p", "initiatives/i"));
  const auto timeline = store_->GetTimeline(first);
  ASSERT_OK(timeline);
  ASSERT_EQ(timeline->size(), 3u);
  EXPECT_EQ(timeline->at(1).type, EntryType::kLinked);
  EXPECT_EQ(timeline->at(1).text.id, "LED_TO_POLL");
  EXPECT_EQ(timeline->at(1).comment, "polls/p");
  EXPECT_EQ(timeline->at(2).text.id, "LED_TO_INITIATIVE");
  EXPECT_EQ(timeline->at(2).audience, Audience::kPublic);
}

TEST_P(OutcomeIntakeTest, AMergedInitiativeLeadsToItsTarget) {
  const std::string id = Add({});
  Take({MakeEvent("initiative_approved", "initiatives/repeat", {"appeals/" + id}),
        MakeEvent("initiative_merged", "initiatives/repeat", {"appeals/" + id},
                  "initiatives/target")});
  EXPECT_THAT(store_->Get(id)->outcomes, ElementsAre("initiatives/repeat", "initiatives/target"));
}

TEST_P(OutcomeIntakeTest, NotesNothingTwice) {
  const std::string id = Add({});
  const events::Event event = MakeEvent("poll_opened", "polls/p", {"appeals/" + id});
  Take({event, event});
  Take({event});
  EXPECT_THAT(store_->Get(id)->outcomes, ElementsAre("polls/p"));
  EXPECT_THAT(Told(id), ElementsAre("polls/p"));
  EXPECT_EQ(store_->GetTimeline(id)->size(), 2u);
}

TEST_P(OutcomeIntakeTest, SkipsWhatConcernsNoAppeal) {
  const std::string id = Add({});
  events::Event broken = MakeEvent("poll_opened", "polls/p", {"appeals/" + id});
  broken.data = "\xff";
  Take({broken, MakeEvent("poll_opened", "polls/q", {}),
        MakeEvent("poll_opened", "polls/r", {"appeals/" + ids_.New(), "appeals/nonsense"}),
        MakeEvent("initiative_accepted", "initiatives/i", {"appeals/" + id}),
        MakeEvent("of_a_newer_release", "polls/s", {"appeals/" + id})});
  EXPECT_THAT(store_->Get(id)->outcomes, IsEmpty());
  EXPECT_THAT(Told(id), IsEmpty());
}

TEST_P(OutcomeIntakeTest, AnAppealHasABoundedNumberOfOutcomes) {
  const std::string id = Add({});
  std::vector<events::Event> batch;
  for (size_t i = 0; i < kMostOutcomes + 5; ++i) {
    batch.push_back(MakeEvent("poll_opened", absl::StrCat("polls/", i), {"appeals/" + id}));
  }
  Take(batch);
  EXPECT_EQ(store_->Get(id)->outcomes.size(), kMostOutcomes);
}

// The effect and the cursor are one transaction, so a consumer that starts again goes on.
TEST_P(OutcomeIntakeTest, AConsumerThatStartsAgainLinksEachEventOnce) {
  const std::string id = Add({});
  auto polling = sql::testing::OpenInMemory();
  ASSERT_OK(sql::Migrate(*polling, {events::Migrations()}));
  events::EventLog log("polling", *polling, clock_, ids_);
  for (const char* poll : {"polls/a", "polls/b"}) {
    const events::Event event = MakeEvent("poll_opened", poll, {"appeals/" + id});
    ASSERT_OK(polling->Write([&](sql::Transaction& transaction) {
      return log.Append(transaction, log.Make(event.type, event.subject, event.data));
    }));
    auto telemetry = observe::NullTelemetry();
    events::Consumer consumer(
        {.name = "appeals.outcomes"}, events::LocalSource(log), *database_,
        [this](absl::Span<const events::Event> batch) { return intake_->Decide(batch); },
        telemetry);
    consumer.Start();
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (absl::c_count(store_->Get(id)->outcomes, poll) == 0 && absl::Now() < end) {
      std::this_thread::yield();
    }
  }
  EXPECT_THAT(Told(id), ElementsAre("polls/a", "polls/b"));
}

INSTANTIATE_TEST_SUITE_P(Engines, OutcomeIntakeTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals
