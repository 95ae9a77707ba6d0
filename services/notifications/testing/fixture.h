#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/calls/contact_calls.h"
#include "services/notifications/calls/device_calls.h"
#include "services/notifications/calls/inbox_calls.h"
#include "services/notifications/calls/subscription_calls.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/fanout/delivery_writer.h"
#include "services/notifications/inbox/subscribers.h"
#include "services/notifications/remote/residents.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/endpoint_store.h"
#include "services/notifications/storage/fan_out_store.h"
#include "services/notifications/storage/feed_store.h"
#include "services/notifications/storage/migrations.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/storage/subscription_store.h"
#include "services/notifications/texts.h"
#include "services/notifications/workers/alert_fan_out.h"
#include "services/notifications/workers/feed.h"
#include "services/notifications/workers/intake.h"
#include "services/notifications/workers/subscription_watch.h"
#include "veche/appeals/v1/events.pb.h"
#include "veche/polling/v1/events.pb.h"

// Fakes and the fixture of notifications' tests.

namespace veche::notifications::testing {

constexpr char kAuthor[] = "residents/author";
constexpr char kOfficer[] = "staff/officer";

// An event like those of appeals, with an id made of `n`.
inline events::Event MakeEvent(int n, absl::string_view type, absl::string_view actor = kOfficer,
                               absl::string_view appeal = "appeals/1",
                               absl::string_view merged_into = "") {
  appeals::v1::AppealEvent data;
  data.set_appeal(std::string(appeal));
  data.set_number("2026-000001");
  data.set_state(appeals::v1::Appeal::ASSIGNED);
  data.set_author(kAuthor);
  data.set_actor(std::string(actor));
  data.set_merged_into(std::string(merged_into));
  return {.id = absl::StrFormat("event-%08d", n),
          .type = absl::StrCat("veche.appeals.", type),
          .subject = std::string(appeal),
          .time = absl::FromUnixSeconds(1'790'000'000 + n),
          .data = data.SerializeAsString(),
          .cursor = absl::StrFormat("%08d", n)};
}

// An event like those of polling, with an id made of `n`.
inline events::Event MakePollingEvent(int n, absl::string_view type, absl::string_view subject,
                                      const std::vector<std::string>& residents = {},
                                      const std::vector<std::string>& districts = {},
                                      absl::string_view merged_into = "") {
  polling::v1::PollingEvent data;
  data.set_subject(std::string(subject));
  (*data.mutable_titles())["ru"] = "Сквер";
  (*data.mutable_titles())["en"] = "Square";
  for (const std::string& resident : residents) data.add_residents(resident);
  for (const std::string& district : districts) data.add_districts(district);
  data.set_merged_into(std::string(merged_into));
  return {.id = absl::StrFormat("polling-%08d", n),
          .type = absl::StrCat("veche.polling.", type),
          .subject = std::string(subject),
          .time = absl::FromUnixSeconds(1'790'000'000 + n),
          .data = data.SerializeAsString(),
          .cursor = absl::StrFormat("%08d", n)};
}

// A stream without a network; records what is written to it. Thread-safe.
class FakeWriter final : public rpc::StreamWriter<v1::WatchNotificationsResponse> {
 public:
  bool Write(v1::WatchNotificationsResponse message) override {
    absl::MutexLock lock(&mutex_);
    if (finished_) return false;
    ids_.push_back(message.event_id());
    titles_.push_back(message.notification().title());
    types_.push_back(message.notification().type());
    return true;
  }
  void Finish(absl::Status status) override {
    std::function<void()> done;
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return;
      finished_ = true;
      status_ = std::move(status);
      done.swap(done_);
    }
    if (done) done();
  }
  void OnDone(std::function<void()> done) override {
    {
      absl::MutexLock lock(&mutex_);
      if (!finished_) {
        done_ = std::move(done);
        return;
      }
    }
    done();
  }

  // Waits until `count` messages have come and returns their event ids.
  std::vector<std::string> WaitFor(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return ids_.size() >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(30)));
    return ids_;
  }
  std::vector<std::string> titles() {
    absl::MutexLock lock(&mutex_);
    return titles_;
  }
  std::vector<std::string> types() {
    absl::MutexLock lock(&mutex_);
    return types_;
  }
  absl::Status WaitForEnd() {
    absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&finished_), absl::Seconds(30)));
    return status_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> ids_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> titles_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> types_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> done_ ABSL_GUARDED_BY(mutex_);
};

// A city whose districts have five residents.
class FiveResidents final : public RecipientCounter {
 public:
  absl::StatusOr<RecipientCount> Count(const std::string&, Severity,
                                       const std::vector<std::string>&) override {
    return RecipientCount{.recipients = 5, .in_app = 5};
  }
};

// All parts of notifications without the network, on a test's database.
struct Notifications {
  explicit Notifications(std::unique_ptr<sql::Database> opened = sql::testing::OpenInMemory())
      : database(std::move(opened)) {
    EXPECT_OK(sql::Migrate(*database,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }

  std::unique_ptr<sql::Database> database;
  veche::testing::FakeClock clock;
  observe::Telemetry telemetry = observe::NullTelemetry();
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  UlidSource ids{clock};
  Store store;
  AlertStore alerts;
  FeedStore feed_store;
  SubscriptionStore subscriptions;
  FanOutStore fan_out_store;
  DeliveryStore deliveries;
  EndpointStore endpoints{""};
  NoticeHub hub{NoticeHubOptions(/*streams=*/3, /*per_resident=*/2)};
  const std::shared_ptr<const DistrictMap> districts = std::make_shared<DistrictMap>(
      std::vector<District>{{"districts/a", "Анинский", {{"ru", "Анинский"}, {"en", "Anna"}}},
                            {"districts/b", "Борисовский", {{"ru", "Борисовский"}}},
                            {"districts/c", "Центр", {{"ru", "Центр"}}}},
      std::vector<geo::Boundary>());
  const DistrictMapProvider district_map = [this] { return districts; };
  // Identity does not answer here.
  config::v1::Config config;
  rpc::Channels channels{config};
  Residents residents{channels};
  ContactStore contact_store;
  const UnsubscribeTokens tokens{std::string(32, 'k')};
  ContactCalls contact_calls{*database, contact_store, alerts, tokens, clock, texts};
  Subscribers subscribers{*database, subscriptions, residents, clock};
  FiveResidents five_residents;
  SubscriptionWatch watch{*database, subscriptions, five_residents, telemetry};
  Feed feed{
      {.poll = absl::Milliseconds(20)},
      {hub, *database, store, alerts, feed_store, subscriptions, district_map, texts, telemetry}};
  DeliveryWriter writer{subscriptions, endpoints, deliveries, ids};
  Intake intake{{*database, store, contact_store, deliveries, feed_store, subscriptions, writer,
                 residents, clock, ids, telemetry, [this] { feed.Wake(); }}};
  InboxCalls calls{{*database, store, alerts, feed_store, subscriptions, subscribers, hub,
                    district_map, texts, clock, [this] { feed.Wake(); }}};
  SubscriptionCalls subscription_calls{{*database, alerts, subscriptions, contact_store,
                                        subscribers, district_map, "Europe/Moscow", clock,
                                        [this] { feed.Wake(); }}};
  DeviceCalls devices{{*database,
                       alerts,
                       subscriptions,
                       endpoints,
                       district_map,
                       "Europe/Moscow",
                       clock,
                       ids,
                       [this] { feed.Wake(); },
                       {},
                       /*most_an_hour=*/2}};

  // Applies events as a consumer does: in one transaction. All of `batch` are of one log.
  absl::Status Apply(const std::vector<events::Event>& batch) {
    const bool polling = absl::StartsWith(batch.front().type, "veche.polling.");
    const auto effect = polling ? intake.DecidePolling(batch) : intake.DecideAppeals(batch);
    if (!effect.ok()) return effect.status();
    return database->Write([&](sql::Transaction& transaction) { return (*effect)(transaction); });
  }

  absl::StatusOr<v1::ListNotificationsResponse> List(const std::string& resident,
                                                     bool unread = false, int page_size = 200) {
    v1::ListNotificationsRequest request;
    request.set_unread(unread);
    request.set_page_size(page_size);
    return calls.ListNotifications(rpc::testing::MakeCall(rpc::testing::Resident(resident)),
                                   request);
  }
  // What an alert of a test differs in.
  struct AlertOptions {
    std::string topic = "topics/utilities";
    std::vector<std::string> districts = {};
    Severity severity = Severity::kInfo;
    std::string title = "Вода";
    std::string supersedes = "";
    std::optional<absl::Time> expire_time = {};
  };
  // Publishes a new alert and returns it.
  Alert Publish(const AlertOptions& options) {
    Alert alert{.id = ids.New(),
                .state = AlertState::kPublished,
                .content = {.topic = options.topic,
                            .severity = options.severity,
                            .titles = {{"ru", options.title}}},
                .districts = options.districts,
                .expire_time = options.expire_time,
                .supersedes = options.supersedes,
                .create_time = clock.Now(),
                .update_time = clock.Now()};
    EXPECT_OK(database->Write([&](sql::Transaction& transaction) -> absl::Status {
      Alert draft = alert;
      draft.state = AlertState::kDraft;
      return alerts.Add(transaction, draft);
    }));
    Post(alert);
    return alert;
  }
  // Publishes the alert again, as it is now.
  void Post(Alert& alert) {
    EXPECT_OK(database->Write([&](sql::Transaction& transaction) -> absl::Status {
      Alert changed = alert;
      RETURN_IF_ERROR(alerts.Lock(transaction, changed.id).status());
      RETURN_IF_ERROR(alerts.Save(transaction, changed, AlertStep::kPost, clock.Now()));
      transaction.OnCommit([this] { feed.Wake(); });
      alert = changed;
      return absl::OkStatus();
    }));
  }
  void Cancel(Alert& alert) {
    alert.state = AlertState::kCancelled;
    Post(alert);
  }
  // Stores a subscription.
  Subscription Subscribe(Subscription subscription) {
    if (subscription.language.empty()) subscription.language = "ru";
    EXPECT_OK(database->Write([&](sql::Transaction& transaction) -> absl::Status {
      RETURN_IF_ERROR(subscriptions.Put(transaction, subscription, clock.Now()));
      transaction.OnCommit([this] { feed.Wake(); });
      return absl::OkStatus();
    }));
    return subscription;
  }

  // Short types of a resident's notices, oldest first.
  std::vector<std::string> TypesOf(const std::string& resident) {
    std::vector<std::string> types;
    const auto list = List(resident);
    EXPECT_OK(list);
    for (const v1::Notification& notification : list->notifications()) {
      types.insert(types.begin(), notification.type().substr(notification.type().rfind('.') + 1));
    }
    return types;
  }
};

}  // namespace veche::notifications::testing
