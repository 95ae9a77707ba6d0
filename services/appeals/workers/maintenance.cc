#include "services/appeals/workers/maintenance.h"

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::appeals {
namespace {

constexpr absl::Duration kEvery = absl::Hours(1);
constexpr absl::Duration kFilesEvery = absl::Hours(24);
constexpr absl::Duration kKeepEvents = absl::Hours(24 * 30);
constexpr absl::Duration kKeepUploads = absl::Hours(24);
constexpr int kBatch = 256;

}  // namespace

Maintenance::Maintenance(Store& store, blob::Store& blobs, events::EventLog& log,
                         const Clock& clock, observe::Telemetry telemetry)
    : store_(store),
      blobs_(blobs),
      log_(log),
      clock_(clock),
      telemetry_(std::move(telemetry)),
      worker_(observe::LoggedBackgroundWorker("appeals-prune", telemetry_),
              [this] { return Step(); }) {}

absl::Duration Maintenance::Step() {
  if (absl::Status status = RunOnce(); !status.ok()) {
    telemetry_.logger->Warning("maintenance not finished", {{"error", status.ToString()}});
  }
  return kEvery;
}

absl::Status Maintenance::RunOnce() {
  absl::Status status = log_.Prune(clock_.Now() - kKeepEvents).status();
  status.Update(FillMapCells());
  status.Update(DeleteUploads());
  if (clock_.Now() - files_deleted_ >= kFilesEvery) status.Update(DeleteFiles());
  return status;
}

absl::Status Maintenance::FillMapCells() {
  int64_t computed = kBatch;
  while (computed == kBatch && !worker_.stopping()) {
    ASSIGN_OR_RETURN(computed, store_.ComputeMapCells(kBatch));
  }
  return absl::OkStatus();
}

absl::Status Maintenance::DeleteUploads() {
  int64_t deleted = kBatch;
  while (deleted == kBatch && !worker_.stopping()) {
    ASSIGN_OR_RETURN(deleted, store_.DeleteUnattached(clock_.Now() - kKeepUploads, kBatch));
  }
  return absl::OkStatus();
}

absl::Status Maintenance::DeleteFiles() {
  const absl::Time before = clock_.Now() - kKeepUploads;
  std::vector<std::string> keys;
  absl::Status status;
  auto delete_unnamed = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto named, store_.FindNamedBlobs(keys));
    for (const std::string& key : keys) {
      if (worker_.stopping()) return absl::OkStatus();  // each takes two requests to a bucket
      // If the same file was uploaded again meanwhile, it is young and stays.
      if (!named.contains(key)) RETURN_IF_ERROR(blobs_.DeleteOlder(key, before).status());
    }
    keys.clear();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(blobs_.ForEachOlder(before, [&](absl::string_view key) {
    keys.emplace_back(key);
    if (keys.size() == kBatch) status = delete_unnamed();
    return status.ok() && !worker_.stopping();
  }));
  RETURN_IF_ERROR(status);
  if (worker_.stopping()) return absl::OkStatus();
  RETURN_IF_ERROR(delete_unnamed());
  files_deleted_ = clock_.Now();
  return absl::OkStatus();
}

}  // namespace veche::appeals
