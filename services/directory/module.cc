#include "services/directory/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/service/service_module.h"
#include "services/directory/calls/binding.h"
#include "services/directory/calls/directory_calls.h"
#include "services/directory/domain/errors.h"
#include "services/directory/snapshot/snapshot.h"
#include "services/directory/storage/store.h"
#include "services/directory/texts.h"

namespace veche::directory {
namespace {

constexpr absl::Duration kRefreshPeriod = absl::Seconds(3);

class DirectoryModule final : public service::ServiceModule {
 public:
  explicit DirectoryModule(service::ServiceParts parts)
      : ServiceModule(std::move(parts)),
        snapshots_(database(), store_),
        calls_(database(), store_, snapshots_) {}

 private:
  absl::Status Prepare() override { return snapshots_.Refresh(); }
  std::vector<rpc::ServiceBuilder> Services() override { return Bind(calls_); }
  void StartWorkers() override { refreshing_.Start(/*first_pause=*/kRefreshPeriod); }
  absl::Status Check() override {
    return snapshots_.Get() == nullptr ? DirectoryNotLoaded() : absl::OkStatus();
  }
  void StopWorkers() override { refreshing_.Stop(); }

  // Shows the imports of other replicas.
  absl::Duration Refresh() {
    if (const absl::Status refreshed = snapshots_.Refresh(); !refreshed.ok()) {
      telemetry().logger->Warning("directory not refreshed",
                                  {{"code", absl::StatusCodeToString(refreshed.code())}});
    }
    return kRefreshPeriod;
  }

  Store store_;
  SnapshotSource snapshots_;
  DirectoryCalls calls_;
  Worker refreshing_{observe::LoggedWorker("directory", telemetry()), [this] { return Refresh(); }};
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateDirectoryModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(
          environment, {.name = "directory", .migrations = Migrations(), .texts = TextFiles()}));
  return service::BuildService(std::make_unique<DirectoryModule>(std::move(parts)));
}

}  // namespace veche::directory
