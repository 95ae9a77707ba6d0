#include "services/notifications/alerts_module.h"

#include <utility>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/notifications/feeds/xml_reader.h"
#include "services/notifications/remote/cap_source.h"

namespace veche::notifications {
namespace {

constexpr size_t kMostHeaderBytes = 64 << 10;

// What feeds say about the city. The program's start has checked the time zone.
FeedContext CityOf(const config::v1::City& config) {
  FeedContext city{.public_url = std::string(absl::StripSuffix(config.public_url(), "/")),
                   .city = config.title(),
                   .language = config.language().empty() ? "ru" : config.language()};
  if (!absl::LoadTimeZone(config.time_zone(), &city.zone)) city.zone = absl::UTCTimeZone();
  return city;
}

}  // namespace

AlertsModule::AlertsModule(const rpc::Environment& environment, sql::Database& database,
                           AlertStore& store, RecipientCounter& counter, const Texts& texts,
                           observe::Telemetry& telemetry, std::function<void()> on_posts)
    : directory_(environment.channels, telemetry),
      attachments_(environment.channels),
      schedule_(database, store, environment.clock, telemetry, on_posts),
      topic_calls_(database, store),
      file_calls_(database, files_, attachments_),
      alert_calls_({database, store, file_calls_, counter, [this] { return directory_.Get(); },
                    environment.clock, environment.ids, CityOf(environment.config.city()).language,
                    CityOf(environment.config.city()).public_url,
                    [this, on_posts] {
                      schedule_.Wake();
                      on_posts();
                    }}),
      feed_calls_({database, store, [this] { return directory_.Get(); }, texts,
                   CityOf(environment.config.city())}),
      import_calls_({database, store, [this] { return directory_.Get(); }, environment.clock,
                     environment.ids, [this](const std::string& url) { return Fetch(url); },
                     CityOf(environment.config.city()).public_url}) {}

absl::Status AlertsModule::Prepare() {
  ASSIGN_OR_RETURN(
      client_, http_client::Client::Create({.most_answer_bytes = kMostXmlBytes + kMostHeaderBytes,
                                            .concurrency = 4,
                                            .kept_connections = 0,
                                            .waiting = 20}));
  return absl::OkStatus();
}

absl::StatusOr<std::string> AlertsModule::Fetch(const std::string& url) {
  return CapSource(*client_).Fetch(url);
}

rpc::ServiceBuilder AlertsModule::Bind() {
  return BindAlerts({topic_calls_, alert_calls_, file_calls_, feed_calls_, import_calls_});
}

void AlertsModule::Start() {
  directory_.Start();
  schedule_.Start();
}

void AlertsModule::Stop() {
  schedule_.Stop();
  directory_.Stop();
}

}  // namespace veche::notifications
