#include "services/notifications/module.h"

#include <utility>
#include <vector>

#include "common/api/metadata.h"
#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/events/event_log.h"
#include "common/events/remote_source.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/notifications/calls/handlers.h"
#include "services/notifications/calls/service.h"
#include "services/notifications/storage/migrations.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/texts.h"
#include "services/notifications/workers/feed.h"
#include "services/notifications/workers/intake.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";

rpc::DispatcherOptions Options(const config::v1::Config& config) {
  rpc::DispatcherOptions options{
      .service = kService,
      .descriptors = {
          v1::MarkReadRequest::descriptor()->file()->FindServiceByName("Notifications")}};
  options.texts = TextFiles();
  options.language = config.city().language();
  if (config.pool().threads() > 0) options.threads = config.pool().threads();
  if (config.pool().queue() > 0) options.queue = config.pool().queue();
  return options;
}

std::unique_ptr<events::Source> AppealsLog(rpc::Channels& channels) {
  return events::RemoteSource(
      channels.For("appeals"),
      {.log = "appeals", .consumer = kService, .prepare = [](grpc::ClientContext& context) {
         context.AddMetadata(api::kServiceMetadata, kService);
       }});
}

// The parts in the order in which they need each other.
class NotificationsModule final : public rpc::Module {
 public:
  NotificationsModule(const rpc::Environment& environment, std::unique_ptr<sql::Database> database,
                      Texts texts)
      : telemetry_(environment.telemetry),
        texts_(std::move(texts)),
        database_(std::move(database)),
        idempotency_(*database_, environment.clock),
        hub_(NoticeHubOptions()),
        feed_({}, hub_, *database_, store_, texts_, telemetry_),
        intake_(*database_, store_, idempotency_, environment.clock, telemetry_,
                [this] { feed_.Wake(); }),
        consumer_(
            {.name = kService}, AppealsLog(environment.channels), *database_,
            [this](absl::Span<const events::Event> batch) { return intake_.Decide(batch); },
            telemetry_),
        handlers_(*database_, store_, hub_, texts_) {}

  absl::Status Build(const rpc::Environment& environment) {
    ASSIGN_OR_RETURN(rpc_,
                     rpc::Dispatcher::Create(Options(environment.config), environment.verifier,
                                             &idempotency_, environment.clock, telemetry_));
    service_ = std::make_unique<Service>(*rpc_, handlers_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override { return {service_.get()}; }

  absl::Status Start() override {
    feed_.Start();
    intake_.Start();
    consumer_.Start();
    return absl::OkStatus();
  }
  rpc::DirectService* direct() override { return rpc_.get(); }

  absl::Status Ready() override {
    return database_->Read(
        [this](sql::Transaction& transaction) { return store_.Newest(transaction).status(); });
  }

  void Stop() override {
    consumer_.Stop();
    intake_.Stop();
    feed_.Stop();
    rpc_->Shutdown();
  }

 private:
  observe::Telemetry telemetry_;
  const Texts texts_;
  std::unique_ptr<sql::Database> database_;
  Store store_;
  rpc::Idempotency idempotency_;
  NoticeHub hub_;
  Feed feed_;
  Intake intake_;
  events::Consumer consumer_;
  Handlers handlers_;
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<Service> service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateNotificationsModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   environment.OpenDatabase(kService, {rpc::IdempotencyMigrations(),
                                                       events::Migrations(), Migrations()}));
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), TextFiles()}));
  auto module =
      std::make_unique<NotificationsModule>(environment, std::move(database), std::move(texts));
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::notifications
