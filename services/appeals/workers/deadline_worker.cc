#include "services/appeals/workers/deadline_worker.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/appeals/domain/changes.h"

namespace veche::appeals {
namespace {

constexpr int kBatch = 32;
constexpr int kMostFailing = 1'000;
constexpr absl::Duration kEvery = absl::Seconds(5);

}  // namespace

DeadlineWorker::DeadlineWorker(Store& store, const WorkingCalendar& calendar, const Clock& clock,
                               observe::Telemetry telemetry)
    : store_(store),
      calendar_(calendar),
      clock_(clock),
      telemetry_(std::move(telemetry)),
      worker_(observe::LoggedWorker("deadlines", telemetry_), [this] { return Step(); }) {}

absl::StatusOr<int> DeadlineWorker::RunOnce() {
  const absl::Time now = clock_.Now();
  const int limit = kBatch + std::min<int>(failing_, kMostFailing);
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, store_.ListDueChecks(now, limit));
  int changed = 0;
  int failing = 0;
  for (const std::string& id : ids) {
    auto check = [&](Appeal& appeal, Record& record) {
      CheckDeadline(appeal, calendar_, now, record);
      // Another replica has already handled the appeal: write nothing.
      return record.entries.empty() ? absl::CancelledError() : absl::OkStatus();
    };
    const absl::Status status = store_.Update(id, check).status();
    if (status.ok()) {
      ++changed;
    } else if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) {
      return status;  // the next appeal would fail with the same error
    } else if (!absl::IsCancelled(status)) {
      ++failing;
      telemetry_.logger->Error("deadline not checked",
                               {{"appeal", id}, {"error", status.ToString()}});
    }
  }
  failing_ = failing;
  return changed;
}

absl::Duration DeadlineWorker::Step() {
  const absl::StatusOr<int> changed = RunOnce();
  if (!changed.ok()) {
    telemetry_.logger->Warning("deadlines not checked", {{"error", changed.status().ToString()}});
    return kEvery;
  }
  // A full batch: there may be more.
  return *changed >= kBatch ? absl::ZeroDuration() : kEvery;
}

}  // namespace veche::appeals
