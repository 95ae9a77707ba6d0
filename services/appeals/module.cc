#include "services/appeals/module.h"

#include <algorithm>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/blob/open.h"
#include "common/calendar/city_calendar.h"
#include "common/crypto/master_key.h"
#include "common/events/consumer.h"
#include "common/service/service_module.h"
#include "services/appeals/calls/binding.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/texts.h"
#include "services/appeals/workers/city.h"
#include "services/appeals/workers/deadline_worker.h"
#include "services/appeals/workers/maintenance.h"
#include "services/appeals/workers/outcome_intake.h"
#include "services/appeals/workers/router.h"
#include "services/appeals/workers/watch_feed.h"

namespace veche::appeals {
namespace {

constexpr int64_t kDefaultFileBytes = 20 * 1024 * 1024;

absl::StatusOr<CityDefaults> LoadDefaults(const config::v1::City& city) {
  CityDefaults defaults;
  if (!city.legal_profile().empty()) defaults.legal_profile = city.legal_profile();
  if (FindLegalProfile(defaults.legal_profile) == nullptr) {
    return MakeOperatorError(
        absl::StatusCode::kInvalidArgument, "appeals", "LEGAL_PROFILE_UNKNOWN",
        "The legal profile of the configuration must be ru-59fz, ua-393 or none.");
  }
  if (city.response_hours() != 0) defaults.response_hours = std::max(city.response_hours(), 0);
  return defaults;
}

RoutingOptions LoadRoutingOptions(const config::v1::Routing& config) {
  RoutingOptions options;
  if (config.has_learned_department_from()) {
    options.learned_department_from = config.learned_department_from();
  }
  return options;
}

// The gateway's limit of file sizes applies here too. There it may be off, but a disk is finite.
int64_t MaxFileBytes(const config::v1::Limits& limits) {
  return limits.file_bytes() > 0 ? limits.file_bytes() : kDefaultFileBytes;
}

UploadLimits UploadLimitsOf(const config::v1::Limits& configured) {
  UploadLimits limits;
  if (configured.upload_bytes_per_account() != 0) {
    limits.per_account = configured.upload_bytes_per_account();
  }
  if (configured.upload_bytes_per_guest() != 0) {
    limits.per_guest = configured.upload_bytes_per_guest();
  }
  return limits;
}

absl::Duration RoutingPatience(const config::v1::City& city) {
  if (city.routing_minutes() < 0) return absl::InfiniteDuration();
  return city.routing_minutes() == 0 ? absl::Hours(1) : absl::Minutes(city.routing_minutes());
}

class AppealsModule final : public service::ServiceModule {
 public:
  AppealsModule(service::ServiceParts parts, std::unique_ptr<blob::Store> blobs,
                WorkingCalendar calendar, CityDefaults defaults, FollowTokens tokens)
      : ServiceModule(std::move(parts)),
        config_(environment().config),
        channels_(environment().channels),
        blobs_(std::move(blobs)),
        calendar_(std::move(calendar)),
        tokens_(std::move(tokens)),
        store_(database(), log(), calendar_.zone()),
        city_(channels_.For("directory"), telemetry(), std::move(defaults)),
        rule_store_(database()),
        rule_book_(rule_store_),
        watchers_(WatcherHubOptions()),
        watch_feed_(watchers_, store_, log(), telemetry()),
        identity_(identity::v1::Identity::NewStub(channels_.For("identity"))),
        change_(database(), store_, calendar_, clock()),
        submit_calls_({database(), store_, city_copy(), *identity_, clock(), ids(), tokens_,
                       RoutingPatience(config_.city())}),
        read_calls_(store_, texts(), watchers_, city_copy()),
        list_calls_(store_, clock()),
        author_calls_(change_),
        message_calls_(change_),
        assign_calls_(change_, city_copy(), rule_book_),
        staff_calls_(change_),
        import_calls_({store_, city_copy(), calendar_, clock(), ids(), texts()}),
        text_calls_(store_),
        notice_calls_(store_, texts(), tokens_, city_copy()),
        rule_calls_({database(), rule_store_, rule_book_, store_, city_copy(), clock(),
                     calendar_.zone(), texts()}),
        attachment_calls_(store_, *blobs_, clock(), ids(), MaxFileBytes(config_.limits()),
                          UploadLimitsOf(config_.limits())),
        router_(store_, city_, rule_book_, channels_.For("classification"), calendar_, clock(),
                telemetry(), LoadRoutingOptions(config_.routing())),
        routing_(
            {.name = "appeals.router"}, events::LocalSource(log()), database(),
            [this](absl::Span<const events::Event> batch) { return router_.Handle(batch); },
            telemetry()),
        deadlines_(store_, calendar_, clock(), telemetry()),
        maintenance_(store_, *blobs_, log(), clock(), telemetry()),
        outcomes_(store_, clock(), telemetry()) {}

  void StartFollowing() override {
    std::unique_ptr<events::Source> polling = LogOf("polling");
    if (polling == nullptr) return;
    linking_ = std::make_unique<events::Consumer>(
        // An event may name a hundred appeals, and all of a batch change in one transaction.
        events::ConsumerOptions{.name = "appeals.outcomes", .batch = 8}, std::move(polling),
        database(),
        [this](absl::Span<const events::Event> batch) { return outcomes_.Decide(batch); },
        telemetry());
    linking_->Start();
  }

 private:
  std::vector<rpc::ServiceBuilder> Services() override {
    return Bind({submit_calls_, read_calls_, list_calls_, author_calls_, message_calls_,
                 assign_calls_, staff_calls_, import_calls_, text_calls_, notice_calls_,
                 rule_calls_, attachment_calls_});
  }
  void EndStreams() override { watchers_.Stop(); }
  void StartWorkers() override {
    // The directory is usually available already; if it is not, the city retries.
    city_.Refresh().IgnoreError();
    city_.Start();
    watch_feed_.Start();
    routing_.Start();
    deadlines_.Start();
    maintenance_.Start();
  }
  void StopWorkers() override {
    linking_.reset();
    watch_feed_.Stop();
    routing_.Stop();
    deadlines_.Stop();
    maintenance_.Stop();
    city_.Stop();
  }

  CityProvider city_copy() const {
    return [this] { return city_.Get(); };
  }

  const config::v1::Config& config_;
  rpc::Channels& channels_;
  const std::unique_ptr<blob::Store> blobs_;
  const WorkingCalendar calendar_;
  const FollowTokens tokens_;
  Store store_;
  City city_;
  RuleStore rule_store_;
  RuleBook rule_book_;
  WatcherHub watchers_;
  WatchFeed watch_feed_;
  std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  AppealChange change_;
  SubmitCalls submit_calls_;
  ReadCalls read_calls_;
  ListCalls list_calls_;
  AuthorCalls author_calls_;
  MessageCalls message_calls_;
  AssignCalls assign_calls_;
  StaffCalls staff_calls_;
  ImportCalls import_calls_;
  TextCalls text_calls_;
  NoticeCalls notice_calls_;
  RuleCalls rule_calls_;
  AttachmentCalls attachment_calls_;
  Router router_;
  events::Consumer routing_;
  DeadlineWorker deadlines_;
  Maintenance maintenance_;
  OutcomeIntake outcomes_;
  std::unique_ptr<events::Consumer> linking_;
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations(), .events = true}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateAppealsModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(WorkingCalendar calendar, LoadCalendar(environment.config.city()));
  ASSIGN_OR_RETURN(CityDefaults defaults, LoadDefaults(environment.config.city()));
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(environment, {.name = "appeals",
                                         .schema = DatabaseSchema(),
                                         .texts = TextFiles(),
                                         .event_log = true,
                                         // Threads that wait for a commit share it: the more
                                         // threads wait, the larger SQLite's groups.
                                         .threads = 64}));
  // A new key makes new tokens for new appeals; the database has the hashes of the old ones.
  ASSIGN_OR_RETURN(const std::string key,
                   crypto::OpenMasterKey(environment.KeyFile("appeals.key"), /*may_create=*/true));
  ASSIGN_OR_RETURN(auto blobs, blob::Open(environment.config.blobs(), environment.data_dir,
                                          "appeals", "attachments", environment.telemetry));
  return service::BuildService(
      std::make_unique<AppealsModule>(std::move(parts), std::move(blobs), std::move(calendar),
                                      std::move(defaults), FollowTokens(key)));
}

}  // namespace veche::appeals
