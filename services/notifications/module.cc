#include "services/notifications/module.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/service/service_module.h"
#include "services/notifications/alerts_module.h"
#include "services/notifications/calls/binding.h"
#include "services/notifications/calls/contact_calls.h"
#include "services/notifications/calls/device_calls.h"
#include "services/notifications/calls/inbox_calls.h"
#include "services/notifications/calls/subscription_calls.h"
#include "services/notifications/contacts/contact_text.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/delivery_module.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/fanout/delivery_writer.h"
#include "services/notifications/inbox/subscribers.h"
#include "services/notifications/remote/change_notices.h"
#include "services/notifications/remote/contacts.h"
#include "services/notifications/remote/resident_counter.h"
#include "services/notifications/remote/residents.h"
#include "services/notifications/sending/notice_messages.h"
#include "services/notifications/sending/post_readers.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/contact_store.h"
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
#include "services/notifications/workers/home_districts.h"
#include "services/notifications/workers/intake.h"
#include "services/notifications/workers/subscription_watch.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";

absl::StatusOr<ContactOptions> LoadContactOptions(const config::v1::Config& config) {
  const config::v1::City& city = config.city();
  ContactOptions options{.public_url = city.public_url()};
  const std::string zone = city.time_zone().empty() ? "Europe/Moscow" : city.time_zone();
  if (!absl::LoadTimeZone(zone, &options.zone)) {
    return absl::FailedPreconditionError(absl::StrCat("city.timeZone: no time zone ", zone, "."));
  }
  return options;
}

std::string TimeZoneOf(const config::v1::Config& config) {
  return config.city().time_zone().empty() ? "Europe/Moscow" : config.city().time_zone();
}

// The parts in the order in which they need each other.
class NotificationsModule final : public service::ServiceModule {
 public:
  explicit NotificationsModule(service::ServiceParts parts)
      : ServiceModule(std::move(parts)),
        endpoints_(""),
        hub_(NoticeHubOptions()),
        residents_(environment().channels),
        changes_(environment().channels),
        contacts_(environment().channels, texts()),
        subscribers_(database(), subscriptions_, residents_, clock()),
        resident_counter_(environment().channels, clock()),
        watch_(database(), subscriptions_, resident_counter_, telemetry()),
        alerts_(environment(), database(), alert_store_, watch_, texts(), telemetry(),
                [this] { OnPosts(); }),
        feed_({}, {hub_, database(), store_, alert_store_, feed_store_, subscriptions_, Districts(),
                   texts(), telemetry()}),
        writer_(subscriptions_, endpoints_, delivery_store_, ids()),
        fan_outs_({database(), alert_store_, fan_out_store_, delivery_store_, writer_, watch_,
                   clock(), telemetry(), ids().New(), [this] { deliveries_->Wake(); }}),
        intake_({database(), store_, contact_store_, delivery_store_, feed_store_, subscriptions_,
                 writer_, residents_, clock(), ids(), telemetry(), [this] { OnNotices(); }}),
        homes_(subscriptions_, telemetry(), [this] { OnSubscription(); }),
        readers_({subscriptions_, alert_store_, contact_store_, Districts(), texts(),
                  std::string(absl::StripSuffix(environment().config.city().public_url(), "/")),
                  environment().config.city().language()}),
        inbox_calls_({database(), store_, alert_store_, feed_store_, subscriptions_, subscribers_,
                      hub_, Districts(), texts(), clock(), [this] { WakeFeeds(); }}),
        subscription_calls_({database(), alert_store_, subscriptions_, contact_store_, subscribers_,
                             Districts(), TimeZoneOf(environment().config), clock(),
                             [this] { OnSubscription(); }}),
        device_calls_({database(),
                       alert_store_,
                       subscriptions_,
                       endpoints_,
                       Districts(),
                       TimeZoneOf(environment().config),
                       clock(),
                       ids(),
                       [this] { OnSubscription(); },
                       {.private_addresses = environment().config.delivery().private_addresses()}}),
        others_(database().OpenNotifier("feed", [this] { feed_.Wake(); })) {}

  void StartFollowing() override {
    Follow("appeals", kService, appeals_,
           [this](absl::Span<const events::Event> batch) { return intake_.DecideAppeals(batch); });
    Follow("polling", "notifications-polling", polling_,
           [this](absl::Span<const events::Event> batch) { return intake_.DecidePolling(batch); });
    Follow("identity", "notifications-identity", identity_,
           [this](absl::Span<const events::Event> batch) { return homes_.Decide(batch); });
  }

 private:
  absl::Status Prepare() override {
    RETURN_IF_ERROR(alerts_.Prepare());
    ASSIGN_OR_RETURN(const ContactOptions options, LoadContactOptions(environment().config));
    ASSIGN_OR_RETURN(deliveries_, OpenDeliveries(options));
    contact_calls_.emplace(database(), contact_store_, alert_store_, *tokens_, clock(), texts());
    return absl::OkStatus();
  }
  std::vector<rpc::ServiceBuilder> Services() override {
    std::vector<rpc::ServiceBuilder> services =
        Bind({inbox_calls_, subscription_calls_, device_calls_, deliveries_->delivery_calls(),
              deliveries_->endpoint_calls(), *contact_calls_});
    services.push_back(alerts_.Bind());
    return services;
  }
  void StartWorkers() override {
    alerts_.Start();
    watch_.Start();
    feed_.Start();
    fan_outs_.Start();
    intake_.Start();
    const absl::Status started = deliveries_->Start();
    if (!started.ok()) {
      telemetry().logger->Error("deliveries not started", {{"error", started.ToString()}});
    }
  }
  void EndStreams() override { hub_.Stop(); }
  absl::Status Check() override {
    for (const char* followed : {"appeals", "polling", "identity"}) {
      if (environment().channels.Knows(followed)) continue;
      return absl::FailedPreconditionError(absl::StrCat("The event log of ", followed,
                                                        " is not followed. Give the address of ",
                                                        followed, " in addresses."));
    }
    return absl::OkStatus();
  }
  void StopWorkers() override {
    for (auto* consumer : {&appeals_, &polling_, &identity_}) {
      if (*consumer) (*consumer)->Stop();
    }
    intake_.Stop();
    alerts_.Stop();
    fan_outs_.Stop();
    deliveries_->Stop();
    feed_.Stop();
    watch_.Stop();
  }

  DistrictMapProvider Districts() {
    return [this] { return alerts_.directory().Get(); };
  }

  absl::StatusOr<std::unique_ptr<DeliveryModule>> OpenDeliveries(const ContactOptions& options) {
    const auto contact_messages = [this, options](MessageSource& others,
                                                  absl::string_view master_key) {
      tokens_.emplace(master_key);
      return std::make_unique<NoticeMessages>(NoticeMessages::Parts{
          database(), contact_store_, changes_, contacts_, *tokens_, texts(), options, &others});
    };
    return DeliveryModule::Open(
        environment(), {.database = database(),
                        .texts = texts(),
                        .telemetry = telemetry(),
                        .notices = store_,
                        .posts =
                            [this](sql::Transaction& transaction, absl::Span<const int64_t> seqs) {
                              return alert_store_.GetPosts(transaction, seqs);
                            },
                        .readers =
                            [this](sql::Transaction& transaction, absl::Span<const Job> jobs,
                                   const std::map<int64_t, PublishedAlert>& posts) {
                              return readers_.Find(transaction, jobs, posts, *tokens_);
                            },
                        .contacts = &contacts_,
                        .contact_messages = contact_messages});
  }

  // Each log has a consumer, whose cursor is kept under `name`.
  void Follow(absl::string_view service, const char* name,
              std::optional<events::Consumer>& consumer, events::BatchHandler handler) {
    std::unique_ptr<events::Source> log = LogOf(service);
    if (log == nullptr) return;  // Check reports it
    consumer.emplace(events::ConsumerOptions{.name = name}, std::move(log), database(),
                     std::move(handler), telemetry());
    consumer->Start();
  }

  // The streams of this process and of others.
  void WakeFeeds() {
    feed_.Wake();
    if (others_ != nullptr) others_->Notify();
  }
  // After notices and their deliveries were committed.
  void OnNotices() {
    WakeFeeds();
    deliveries_->Wake();
  }
  // After posts of alerts were committed.
  void OnPosts() {
    WakeFeeds();
    fan_outs_.Wake();
  }
  // After subscriptions were changed.
  void OnSubscription() {
    watch_.Wake();
    WakeFeeds();
  }

  Store store_;
  AlertStore alert_store_;
  FeedStore feed_store_;
  SubscriptionStore subscriptions_;
  FanOutStore fan_out_store_;
  ContactStore contact_store_;
  DeliveryStore delivery_store_;
  EndpointStore endpoints_;  // without the key of webhooks' secrets
  std::optional<UnsubscribeTokens> tokens_;
  NoticeHub hub_;
  Residents residents_;
  ChangeNotices changes_;
  Contacts contacts_;
  Subscribers subscribers_;
  ResidentCounter resident_counter_;
  SubscriptionWatch watch_;
  AlertsModule alerts_;
  Feed feed_;
  DeliveryWriter writer_;
  AlertFanOuts fan_outs_;
  Intake intake_;
  HomeDistricts homes_;
  PostReaders readers_;
  InboxCalls inbox_calls_;
  SubscriptionCalls subscription_calls_;
  DeviceCalls device_calls_;
  std::unique_ptr<DeliveryModule> deliveries_;
  std::optional<ContactCalls> contact_calls_;
  std::optional<events::Consumer> appeals_;
  std::optional<events::Consumer> polling_;
  std::optional<events::Consumer> identity_;
  const std::unique_ptr<sql::Notifier> others_;  // null in SQLite; its thread uses feed_
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations(), .events = true}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateNotificationsModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(environment,
                           {.name = kService, .schema = DatabaseSchema(), .texts = TextFiles()}));
  return service::BuildService(std::make_unique<NotificationsModule>(std::move(parts)));
}

}  // namespace veche::notifications
