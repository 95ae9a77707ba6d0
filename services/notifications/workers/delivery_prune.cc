#include "services/notifications/workers/delivery_prune.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::notifications {
namespace {

constexpr absl::Duration kKeepSent = absl::Hours(7 * 24);
constexpr absl::Duration kKeepGivenUp = absl::Hours(30 * 24);
constexpr absl::Duration kPause = absl::Minutes(10);
constexpr int kPage = 1000;

}  // namespace

DeliveryPrune::DeliveryPrune(sql::Database& database, DeliveryStore& store, const Clock& clock,
                             IdSource& ids, observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      clock_(clock),
      ids_(ids),
      telemetry_(telemetry),
      worker_(observe::LoggedBackgroundWorker("delivery-prune", telemetry),
              [this] { return Step(); }) {}

absl::Duration DeliveryPrune::Step() {
  const std::string sent = ids_.NewAt(clock_.Now() - kKeepSent);
  const std::string given_up = ids_.NewAt(clock_.Now() - kKeepGivenUp);
  int64_t deleted = 0;
  const absl::Status status =
      database_.WriteInBackground([&](sql::Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(deleted, store_.Prune(transaction, sent, given_up, kPage));
        return absl::OkStatus();
      });
  if (!status.ok()) {
    telemetry_.logger->Error("deliveries not pruned", {{"error", status.ToString()}});
  }
  return status.ok() && deleted == kPage ? absl::ZeroDuration() : kPause;
}

}  // namespace veche::notifications
