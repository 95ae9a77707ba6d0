#include "services/appeals/module.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/blob/store.h"
#include "common/events/consumer.h"
#include "common/events/service.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/appeals/calls/service.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/texts.h"
#include "services/appeals/workers/city.h"
#include "services/appeals/workers/deadline_worker.h"
#include "services/appeals/workers/maintenance.h"
#include "services/appeals/workers/router.h"
#include "services/appeals/workers/watch_feed.h"

namespace veche::appeals {
namespace {

constexpr char kDefaultZone[] = "Europe/Moscow";
constexpr int64_t kDefaultFileBytes = 20 * 1024 * 1024;

absl::StatusOr<WorkingCalendar> LoadCalendar(const config::v1::City& city) {
  const std::string name = city.time_zone().empty() ? kDefaultZone : city.time_zone();
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) {
    return MakeOperatorError(absl::StatusCode::kInvalidArgument, "appeals", "TIME_ZONE_UNKNOWN",
                             absl::StrCat("The time zone ", name,
                                          " of the configuration is not known to this machine."));
  }
  if (city.calendar_file().empty()) return WorkingCalendar::Russia(zone);
  std::ifstream file(city.calendar_file());
  std::ostringstream json;
  if (!file || !(json << file.rdbuf())) {
    return MakeOperatorError(absl::StatusCode::kInvalidArgument, "appeals", "CALENDAR_INVALID",
                             absl::StrCat("The calendar file ", city.calendar_file(),
                                          " of the configuration cannot be read."));
  }
  return WorkingCalendar::Parse(json.str(), zone);
}

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

// The gateway's limit of files is ours too; it may be off there, but a disk is finite.
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

class AppealsModule final : public rpc::Module {
 public:
  AppealsModule(std::unique_ptr<sql::Database> database, std::unique_ptr<blob::Store> blobs,
                WorkingCalendar calendar, CityDefaults defaults, Texts texts,
                const rpc::Environment& environment)
      : texts_(std::move(texts)),
        database_(std::move(database)),
        blobs_(std::move(blobs)),
        calendar_(std::move(calendar)),
        telemetry_(environment.telemetry),
        log_("appeals", *database_, environment.clock, environment.ids),
        store_(*database_, log_, calendar_.zone()),
        city_(environment.channels.For("directory"), telemetry_, std::move(defaults)),
        rule_store_(*database_),
        rule_book_(rule_store_),
        watchers_(WatcherHubOptions()),
        watch_feed_(watchers_, store_, log_, telemetry_),
        identity_(identity::v1::Identity::NewStub(environment.channels.For("identity"))),
        change_(*database_, store_, calendar_, environment.clock),
        submit_calls_({*database_, store_, city_copy(), *identity_, environment.clock,
                       environment.ids, RoutingPatience(environment.config.city())}),
        read_calls_(store_, texts_, watchers_),
        list_calls_(store_, environment.clock),
        author_calls_(change_),
        message_calls_(change_),
        assign_calls_(change_, city_copy(), rule_book_),
        staff_calls_(change_),
        import_calls_({store_, city_copy(), calendar_, environment.clock, environment.ids, texts_}),
        text_calls_(store_),
        rule_calls_({*database_, rule_store_, rule_book_, store_, city_copy(), environment.clock,
                     calendar_.zone(), texts_}),
        attachment_calls_(store_, *blobs_, environment.clock, environment.ids,
                          MaxFileBytes(environment.config.limits()),
                          UploadLimitsOf(environment.config.limits())),
        router_(store_, city_, rule_book_, environment.channels.For("classification"), calendar_,
                environment.clock, telemetry_, LoadRoutingOptions(environment.config.routing())),
        routing_(
            {.name = "appeals.router"}, events::LocalSource(log_), *database_,
            [this](absl::Span<const events::Event> batch) { return router_.Handle(batch); },
            telemetry_),
        deadlines_(store_, calendar_, environment.clock, telemetry_),
        idempotency_(*database_, environment.clock),
        maintenance_(store_, *blobs_, log_, idempotency_, environment.clock, telemetry_) {}

  absl::Status Build(const rpc::Environment& environment) {
    rpc::DispatcherOptions options;
    options.service = "appeals";
    options.texts = TextFiles();
    options.language = environment.config.city().language();
    const auto* file = v1::CreateAppealRequest::descriptor()->file();
    options.descriptors = {
        file->FindServiceByName("Appeals"),
        v1::DownloadAttachmentRequest::descriptor()->file()->FindServiceByName("Attachments"),
        v1::RoutingRuleSet::descriptor()->file()->FindServiceByName("RoutingRules"),
        events::EventLogService::descriptor()};
    // Threads that wait for a commit share it: the more wait, the larger SQLite's groups.
    options.threads = 64;
    const config::v1::Pool& pool = environment.config.pool();
    if (pool.threads() > 0) options.threads = pool.threads();
    if (pool.queue() > 0) options.queue = pool.queue();
    ASSIGN_OR_RETURN(dispatcher_,
                     rpc::Dispatcher::Create(std::move(options), environment.verifier,
                                             &idempotency_, environment.clock, telemetry_));
    appeals_service_ = std::make_unique<AppealsService>(
        *dispatcher_,
        AppealsCalls{submit_calls_, read_calls_, list_calls_, author_calls_, message_calls_,
                     assign_calls_, staff_calls_, import_calls_, text_calls_});
    rules_service_ = std::make_unique<RoutingRulesService>(*dispatcher_, rule_calls_);
    attachments_service_ = std::make_unique<AttachmentsService>(*dispatcher_, attachment_calls_);
    events_service_ = std::make_unique<events::EventLogService>(*dispatcher_, log_, telemetry_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override {
    return {appeals_service_.get(), rules_service_.get(), attachments_service_.get(),
            events_service_.get()};
  }
  rpc::DirectService* direct() override { return dispatcher_.get(); }

  absl::Status Start() override {
    // Mostly the directory is there already; where it is not, the city keeps asking.
    city_.Refresh().IgnoreError();
    city_.Start();
    watch_feed_.Start();
    routing_.Start();
    deadlines_.Start();
    maintenance_.Start();
    return absl::OkStatus();
  }

  absl::Status Ready() override {
    return database_->Read(
        [](sql::Transaction& transaction) { return transaction.Query("SELECT 1").status(); });
  }

  void Stop() override {
    watch_feed_.Stop();
    events_service_->Stop();
    dispatcher_->Shutdown();
    routing_.Stop();
    deadlines_.Stop();
    maintenance_.Stop();
    city_.Stop();
  }

 private:
  CityProvider city_copy() const {
    return [this] { return city_.Get(); };
  }

  const Texts texts_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<blob::Store> blobs_;
  const WorkingCalendar calendar_;
  observe::Telemetry telemetry_;
  events::EventLog log_;
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
  RuleCalls rule_calls_;
  AttachmentCalls attachment_calls_;
  Router router_;
  events::Consumer routing_;
  DeadlineWorker deadlines_;
  rpc::Idempotency idempotency_;
  Maintenance maintenance_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<AppealsService> appeals_service_;
  std::unique_ptr<RoutingRulesService> rules_service_;
  std::unique_ptr<AttachmentsService> attachments_service_;
  std::unique_ptr<events::EventLogService> events_service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateAppealsModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(WorkingCalendar calendar, LoadCalendar(environment.config.city()));
  ASSIGN_OR_RETURN(CityDefaults defaults, LoadDefaults(environment.config.city()));
  ASSIGN_OR_RETURN(auto database, environment.OpenDatabase(
                                      "appeals", {events::Migrations(),
                                                  rpc::IdempotencyMigrations(), Migrations()}));
  ASSIGN_OR_RETURN(auto blobs, blob::OpenFolder(environment.data_dir / "attachments"));
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), TextFiles()}));
  auto module =
      std::make_unique<AppealsModule>(std::move(database), std::move(blobs), std::move(calendar),
                                      std::move(defaults), std::move(texts), environment);
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::appeals
