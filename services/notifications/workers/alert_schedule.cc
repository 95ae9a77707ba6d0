#include "services/notifications/workers/alert_schedule.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::notifications {
namespace {

constexpr absl::Duration kPoll = absl::Seconds(1);
constexpr int kAtOnce = 200;

}  // namespace

AlertSchedule::AlertSchedule(sql::Database& database, AlertStore& store, const Clock& clock,
                             observe::Telemetry& telemetry, std::function<void()> on_posts)
    : database_(database),
      store_(store),
      clock_(clock),
      telemetry_(telemetry),
      on_posts_(std::move(on_posts)),
      worker_(observe::LoggedWorker("alert-schedule", telemetry_), [this] {
        (void)AdvanceDue();  // logged there; the next step tries again
        return kPoll;
      }) {}

absl::Status AlertSchedule::AdvanceDue() {
  std::vector<std::string> due;
  const absl::Status listed = database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(due, store_.ListDue(transaction, clock_.Now(), kAtOnce));
    return absl::OkStatus();
  });
  if (!listed.ok()) {
    telemetry_.logger->Error("due alerts not read", {{"error", listed.ToString()}});
    return listed;
  }
  absl::Status last;
  for (const std::string& id : due) {
    const absl::Status status = AdvanceOne(id);
    if (status.ok()) continue;
    last = status;
    telemetry_.logger->Error("alert not moved on", {{"alert", id}, {"error", status.ToString()}});
  }
  if (!due.empty()) on_posts_();
  return last;
}

absl::Status AlertSchedule::AdvanceOne(const std::string& id) {
  const absl::Time now = clock_.Now();
  return database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Alert> alert, store_.Lock(transaction, id));
    if (!alert) return absl::OkStatus();
    const AlertState before = alert->state;
    const AlertStep step = Advance(*alert, now);
    if (alert->state == before) return absl::OkStatus();  // another replica was faster
    return store_.Save(transaction, *alert, step, now);
  });
}

}  // namespace veche::notifications
