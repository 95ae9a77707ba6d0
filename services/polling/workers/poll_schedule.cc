#include "services/polling/workers/poll_schedule.h"

#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kPoll = absl::Seconds(1);

}  // namespace

PollSchedule::PollSchedule(sql::Database& database, PollStore& polls, Lifecycle& lifecycle,
                           const Clock& clock, observe::Telemetry& telemetry)
    : database_(database),
      polls_(polls),
      lifecycle_(lifecycle),
      clock_(clock),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("poll-schedule", telemetry_), [this] {
        (void)AdvanceDue();  // logged there; the next step tries again
        return kPoll;
      }) {}

absl::Status PollSchedule::AdvanceDue() {
  std::vector<std::string> due;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(due, polls_.ListDue(transaction, clock_.Now()));
    return absl::OkStatus();
  }));
  absl::Status last;
  for (const std::string& poll : due) {
    const absl::Status status = lifecycle_.Advance(poll);
    if (status.ok()) continue;
    last = status;
    telemetry_.logger->Error("poll not moved on", {{"poll", poll}, {"error", status.ToString()}});
  }
  return last;
}

}  // namespace veche::polling
