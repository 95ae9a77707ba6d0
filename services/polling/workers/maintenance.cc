#include "services/polling/workers/maintenance.h"

#include <cstdint>
#include <utility>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kEvery = absl::Hours(1);
constexpr absl::Duration kKeepEvents = absl::Hours(24 * 30);
constexpr absl::Duration kKeepPictures = absl::Hours(24);
constexpr int kBatch = 64;

}  // namespace

Maintenance::Maintenance(sql::Database& database, PictureStore& pictures, events::EventLog& log,
                         const Clock& clock, observe::Telemetry telemetry)
    : database_(database),
      pictures_(pictures),
      log_(log),
      clock_(clock),
      telemetry_(std::move(telemetry)),
      worker_(observe::LoggedBackgroundWorker("polling-prune", telemetry_),
              [this] { return Step(); }) {}

absl::Duration Maintenance::Step() {
  if (absl::Status status = RunOnce(); !status.ok()) {
    telemetry_.logger->Warning("maintenance not finished", {{"error", status.ToString()}});
  }
  return kEvery;
}

absl::Status Maintenance::RunOnce() {
  absl::Status status = log_.Prune(clock_.Now() - kKeepEvents).status();
  status.Update(DeletePictures());
  return status;
}

absl::Status Maintenance::DeletePictures() {
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(database_.Write(
      [&](sql::Transaction& transaction) { return pictures_.NoteUnused(transaction, now); }));
  int64_t deleted = kBatch;
  while (deleted == kBatch && !worker_.stopping()) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(deleted, pictures_.DeleteUnused(transaction, now - kKeepPictures, kBatch));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace veche::polling
