#include "services/polling/workers/initiative_schedule.h"

#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/polling/domain/initiative_steps.h"

namespace veche::polling {
namespace {

constexpr int kBatch = 64;
constexpr absl::Duration kEvery = absl::Seconds(5);

}  // namespace

InitiativeSchedule::InitiativeSchedule(sql::Database& database, InitiativeStore& store,
                                       const Clock& clock, observe::Telemetry telemetry)
    : database_(database),
      store_(store),
      clock_(clock),
      telemetry_(std::move(telemetry)),
      worker_(observe::LoggedWorker("initiatives", telemetry_), [this] { return Step(); }) {}

absl::StatusOr<int> InitiativeSchedule::RunOnce() {
  const absl::Time now = clock_.Now();
  std::vector<std::string> ids;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(ids, store_.ListDue(transaction, now, kBatch));
    return absl::OkStatus();
  }));
  int changed = 0;
  for (const std::string& id : ids) {
    bool noted = false;
    const absl::Status status = database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(Initiative initiative, store_.Lock(transaction, id));
      InitiativeRecord record;
      CheckSchedule(now, initiative, record);
      noted = !record.entries.empty();
      return store_.Save(transaction, initiative, record);
    });
    if (status.ok()) {
      changed += noted ? 1 : 0;
    } else {
      telemetry_.logger->Error("initiative not checked",
                               {{"initiative", id}, {"error", status.ToString()}});
    }
  }
  return changed;
}

absl::Duration InitiativeSchedule::Step() {
  const absl::StatusOr<int> changed = RunOnce();
  if (!changed.ok()) {
    telemetry_.logger->Warning("initiatives not checked", {{"error", changed.status().ToString()}});
    return kEvery;
  }
  // A full batch: there may be more.
  return *changed >= kBatch ? absl::ZeroDuration() : kEvery;
}

}  // namespace veche::polling
