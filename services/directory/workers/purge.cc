#include "services/directory/workers/purge.h"

#include "common/base/status_macros.h"
#include "services/directory/domain/organization.h"

namespace veche::directory {
namespace {

constexpr int kAtOnce = 200;
constexpr absl::Duration kPause = absl::Hours(1);
constexpr absl::Duration kPauseBetweenBatches = absl::Milliseconds(100);

}  // namespace

absl::Duration Purge::Run() {
  int64_t removed = 0;
  const absl::Status status =
      database_.WriteInBackground([&](sql::Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(removed, entries_.Purge(transaction, clock_.Now() - kRestorable, kAtOnce));
        return absl::OkStatus();
      });
  if (!status.ok()) {
    telemetry_.logger->Warning("deleted entries not purged",
                               {{"code", absl::StatusCodeToString(status.code())}});
    return kPause;
  }
  return removed == kAtOnce ? kPauseBetweenBatches : kPause;
}

}  // namespace veche::directory
