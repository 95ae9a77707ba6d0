#include "services/directory/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/calendar/city_calendar.h"
#include "common/observe/worker.h"
#include "common/service/service_module.h"
#include "services/directory/calls/binding.h"
#include "services/directory/domain/errors.h"
#include "services/directory/snapshot/snapshot.h"
#include "services/directory/storage/entry_store.h"
#include "services/directory/storage/store.h"
#include "services/directory/texts.h"
#include "services/directory/workers/purge.h"

namespace veche::directory {
namespace {

constexpr absl::Duration kRefreshPeriod = absl::Seconds(3);

class DirectoryModule final : public service::ServiceModule {
 public:
  DirectoryModule(service::ServiceParts parts, WorkingCalendar calendar)
      : ServiceModule(std::move(parts)),
        calendar_(std::move(calendar)),
        others_(database().OpenNotifier("directory", [this] { refreshing_.Wake(); })) {}

 private:
  absl::Status Prepare() override { return snapshots_.Refresh(); }
  std::vector<rpc::ServiceBuilder> Services() override { return Bind(handlers_); }
  void StartWorkers() override {
    refreshing_.Start(/*first_pause=*/kRefreshPeriod);
    purging_.Start(/*first_pause=*/kRefreshPeriod);
  }
  absl::Status Check() override {
    return snapshots_.Get() == nullptr ? DirectoryNotLoaded() : absl::OkStatus();
  }
  void StopWorkers() override {
    purging_.Stop();
    refreshing_.Stop();
  }

  LinkOptions Links() const {
    const config::v1::City& city = environment().config.city();
    return {.public_url = city.public_url(), .route_link = city.route_link()};
  }

  // Shows the changes of other replicas, at once when they tell of them.
  absl::Duration Refresh() {
    if (const absl::Status refreshed = snapshots_.Refresh(); !refreshed.ok()) {
      telemetry().logger->Warning("directory not refreshed",
                                  {{"code", absl::StatusCodeToString(refreshed.code())}});
    }
    return kRefreshPeriod;
  }

  const WorkingCalendar calendar_;
  Store store_;
  EntryStore entries_;
  // A replica that has loaded a change tells the others, who load it and tell nobody new.
  SnapshotSource snapshots_{database(), store_, entries_, [this] {
                              if (others_ != nullptr) others_->Notify();
                            }};
  Handlers handlers_{store_,
                     {database(), entries_, snapshots_, calendar_, clock(), ids(), Links()}};
  Purge purge_{database(), entries_, clock(), telemetry()};
  Worker refreshing_{observe::LoggedWorker("directory", telemetry()), [this] { return Refresh(); }};
  Worker purging_{observe::LoggedWorker("purge", telemetry()), [this] { return purge_.Run(); }};
  const std::unique_ptr<sql::Notifier> others_;  // null in SQLite; its thread uses refreshing_
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations()}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateDirectoryModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(
          environment, {.name = "directory", .schema = DatabaseSchema(), .texts = TextFiles()}));
  ASSIGN_OR_RETURN(WorkingCalendar calendar, LoadCalendar(environment.config.city()));
  return service::BuildService(
      std::make_unique<DirectoryModule>(std::move(parts), std::move(calendar)));
}

}  // namespace veche::directory
