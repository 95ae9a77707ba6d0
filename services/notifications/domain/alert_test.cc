#include "services/notifications/domain/alert.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/testing/status_matchers.h"

namespace veche::notifications {
namespace {

using ::testing::IsEmpty;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr AlertState kStates[] = {
    AlertState::kDraft,   AlertState::kInReview,  AlertState::kScheduled, AlertState::kPublished,
    AlertState::kExpired, AlertState::kCancelled, AlertState::kSuperseded};

Alert Make(AlertState state, Severity severity = Severity::kInfo) {
  Alert alert{.id = "a", .state = state, .author = "staff/one", .editor = "staff/one"};
  alert.content.severity = severity;
  if (state >= AlertState::kScheduled) alert.publish_time = kNow + absl::Hours(1);
  if (state >= AlertState::kPublished) {
    alert.seq = alert.revision = 1;
    alert.publish_time = kNow - absl::Hours(1);
  }
  return alert;
}

// The state after a step, or the reason why there is none.
template <typename Step>
std::string Outcome(Alert alert, Step step) {
  const auto result = step(alert);
  return result.ok() ? std::string(StateName(alert.state))
                     : ErrorReason(veche::testing::AsStatus(result));
}

TEST(AlertTest, EachStepHasItsStates) {
  struct Row {
    std::string review, sent_back, published, cancelled, edited;
  };
  // In the order of kStates, for an alert that is no emergency.
  const std::vector<Row> table = {
      {"IN_REVIEW", "ALERT_STATE", "PUBLISHED", "CANCELLED", "DRAFT"},
      {"ALERT_STATE", "DRAFT", "PUBLISHED", "CANCELLED", "DRAFT"},
      {"ALERT_STATE", "ALERT_STATE", "SCHEDULED", "CANCELLED", "SCHEDULED"},
      {"ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "CANCELLED", "PUBLISHED"},
      {"ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE"},
      {"ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE"},
      {"ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE", "ALERT_STATE"},
  };
  for (size_t i = 0; i < table.size(); ++i) {
    const Alert alert = Make(kStates[i]);
    const absl::string_view name = StateName(kStates[i]);
    EXPECT_EQ(Outcome(alert, [](Alert& a) { return RequestReview(a, kNow); }), table[i].review)
        << name;
    EXPECT_EQ(Outcome(alert, [](Alert& a) { return Return(a, "no", kNow); }), table[i].sent_back)
        << name;
    EXPECT_EQ(Outcome(alert, [](Alert& a) { return Publish(a, "staff/one", kNow); }),
              table[i].published)
        << name;
    EXPECT_EQ(Outcome(alert, [](Alert& a) { return Cancel(a, "why", kNow); }), table[i].cancelled)
        << name;
    EXPECT_EQ(Outcome(alert,
                      [](Alert& a) {
                        Alert changed = a;
                        return Edit(a, changed, "staff/two", kNow);
                      }),
              table[i].edited)
        << name;
  }
}

TEST(AlertTest, AnEmergencyNeedsAReviewAndASecondEditor) {
  const auto publish = [](Alert alert, const char* caller) {
    return Outcome(alert, [&](Alert& a) { return Publish(a, caller, kNow); });
  };
  const Alert draft = Make(AlertState::kDraft, Severity::kEmergency);
  const Alert reviewed = Make(AlertState::kInReview, Severity::kEmergency);
  EXPECT_EQ(publish(draft, "staff/two"), "ALERT_NEEDS_REVIEW");
  EXPECT_EQ(publish(reviewed, "staff/one"), "SECOND_EDITOR_NEEDED");
  EXPECT_EQ(publish(reviewed, "staff/two"), "PUBLISHED");
  EXPECT_EQ(publish(draft, "services/commands"), "PUBLISHED");
  // Whoever changed it last is not the second editor, even if another wrote it.
  Alert edited = draft;
  ASSERT_OK(Edit(edited, draft, "staff/two", kNow));
  ASSERT_OK(RequestReview(edited, kNow));
  EXPECT_EQ(publish(edited, "staff/two"), "SECOND_EDITOR_NEEDED");
  EXPECT_EQ(publish(edited, "staff/one"), "PUBLISHED");
}

TEST(AlertTest, AChangeUndoesTheReviewOfAnEmergency) {
  for (const AlertState state :
       {AlertState::kDraft, AlertState::kInReview, AlertState::kScheduled}) {
    Alert alert = Make(state, Severity::kEmergency);
    ASSERT_THAT(Edit(alert, alert, "staff/two", kNow), IsOkAndHolds(AlertStep::kNone));
    EXPECT_EQ(alert.state, AlertState::kDraft);
  }
  // A scheduled one that becomes an emergency too.
  Alert scheduled = Make(AlertState::kScheduled);
  ASSERT_OK(Edit(scheduled, Make(AlertState::kScheduled, Severity::kEmergency), "staff/one", kNow));
  EXPECT_EQ(scheduled.state, AlertState::kDraft);
  for (const auto& [before, after] : {std::pair(Severity::kEmergency, Severity::kInfo),
                                      {Severity::kInfo, Severity::kEmergency}}) {
    Alert published = Make(AlertState::kPublished, before);
    EXPECT_THAT(Edit(published, Make(AlertState::kPublished, after), "staff/two", kNow),
                HasReason("ALERT_NEEDS_REVIEW"));
  }
}

TEST(AlertTest, AnUpdateKeepsWhenItWasPublishedAndInWhosePlace) {
  Alert published = Make(AlertState::kPublished);
  Alert changed = published;
  changed.content.titles["ru"] = "Новое";
  changed.publish_time = kNow + absl::Hours(9);
  changed.supersedes = "b";
  EXPECT_THAT(Edit(published, changed, "staff/two", kNow), IsOkAndHolds(AlertStep::kPost));
  EXPECT_EQ(published.content.titles["ru"], "Новое");
  EXPECT_EQ(published.publish_time, kNow - absl::Hours(1));
  EXPECT_THAT(published.supersedes, IsEmpty());
  EXPECT_EQ(published.editor, "staff/two");
}

TEST(AlertTest, TheClockPublishesAndExpires) {
  struct Case {
    const char* what;
    AlertState state;
    std::optional<absl::Duration> publish, expire;  // from now
    AlertState after;
    AlertStep step;
  };
  constexpr absl::Duration kHour = absl::Hours(1);
  for (const Case& c : std::vector<Case>{
           {"not yet", AlertState::kScheduled, kHour, {}, AlertState::kScheduled, AlertStep::kNone},
           {"due", AlertState::kScheduled, absl::ZeroDuration(), kHour, AlertState::kPublished,
            AlertStep::kPost},
           {"too late", AlertState::kScheduled, -2 * kHour, -kHour, AlertState::kExpired,
            AlertStep::kNone},
           {"runs", AlertState::kPublished, -kHour, kHour, AlertState::kPublished,
            AlertStep::kNone},
           {"over", AlertState::kPublished, -kHour, absl::ZeroDuration(), AlertState::kExpired,
            AlertStep::kNone},
           {"for ever",
            AlertState::kPublished,
            -kHour,
            {},
            AlertState::kPublished,
            AlertStep::kNone},
           {"a draft waits for an editor",
            AlertState::kDraft,
            -kHour,
            {},
            AlertState::kDraft,
            AlertStep::kNone},
           {"what is cancelled stays so", AlertState::kCancelled, -kHour, -kHour,
            AlertState::kCancelled, AlertStep::kNone},
       }) {
    Alert alert = Make(c.state);
    alert.publish_time = alert.expire_time = std::nullopt;
    if (c.publish) alert.publish_time = kNow + *c.publish;
    if (c.expire) alert.expire_time = kNow + *c.expire;
    EXPECT_EQ(Advance(alert, kNow), c.step) << c.what;
    EXPECT_EQ(alert.state, c.after) << c.what;
  }
}

TEST(AlertTest, WhatHasExpiredIsOverBeforeTheWorkerSaysSo) {
  Alert alert = Make(AlertState::kPublished);
  alert.expire_time = kNow;
  EXPECT_EQ(StateAt(alert, kNow), AlertState::kExpired);
  EXPECT_THAT(Cancel(alert, "late", kNow), HasReason("ALERT_STATE"));
  EXPECT_THAT(Edit(alert, alert, "staff/one", kNow), HasReason("ALERT_STATE"));
  Alert draft = Make(AlertState::kDraft);
  draft.expire_time = kNow;
  EXPECT_THAT(Publish(draft, "staff/one", kNow), HasReason("ALERT_EXPIRED"));
  EXPECT_THAT(Publish(draft, "services/commands", kNow), IsOkAndHolds(AlertStep::kPost));
}

TEST(AlertTest, PublishingWaitsForThePublishTime) {
  Alert alert = Make(AlertState::kDraft);
  alert.publish_time = kNow + absl::Hours(1);
  EXPECT_THAT(Publish(alert, "staff/one", kNow), IsOkAndHolds(AlertStep::kNone));
  EXPECT_EQ(alert.state, AlertState::kScheduled);
  // A plan that has passed means now.
  Alert late = Make(AlertState::kDraft);
  late.publish_time = kNow - absl::Hours(1);
  EXPECT_THAT(Publish(late, "staff/one", kNow), IsOkAndHolds(AlertStep::kPost));
  EXPECT_EQ(late.publish_time, kNow);
}

TEST(AlertTest, PostsAreCalledByWhatTheyChange) {
  Alert alert = Make(AlertState::kPublished);
  alert.revision = 0;
  EXPECT_EQ(PostType(alert), kAlertPublished);
  alert.supersedes = "b";
  EXPECT_EQ(PostType(alert), kAlertUpdated);
  alert.supersedes.clear();
  alert.revision = 1;
  EXPECT_EQ(PostType(alert), kAlertUpdated);
  alert.state = AlertState::kCancelled;
  EXPECT_EQ(PostType(alert), kAlertCancelled);
  Alert over = Make(AlertState::kCancelled);
  Supersede(over, "b", kNow);
  EXPECT_EQ(over.state, AlertState::kCancelled);
}

TEST(AlertTest, NamesHaveUlids) {
  EXPECT_EQ(AlertId("alerts/01hzy3v0q4m5n6p7q8r9s0t1v2"), "01hzy3v0q4m5n6p7q8r9s0t1v2");
  for (const char* name : {"", "alerts/", "alerts/x", "01hzy3v0q4m5n6p7q8r9s0t1v2"}) {
    EXPECT_THAT(AlertId(name), IsEmpty()) << name;
  }
}

}  // namespace
}  // namespace veche::notifications
