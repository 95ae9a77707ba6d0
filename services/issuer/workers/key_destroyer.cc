#include "services/issuer/workers/key_destroyer.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::issuer {
namespace {

// Nobody wakes the worker for new keys and for keys that other replicas destroyed.
constexpr absl::Duration kLongestPause = absl::Seconds(10);
constexpr absl::Duration kShortestPause = absl::Milliseconds(10);

}  // namespace

KeyDestroyer::KeyDestroyer(sql::Database& database, Store& store, KeyRing& keys, const Clock& clock,
                           observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      keys_(keys),
      clock_(clock),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("destroyer", telemetry_), [this] { return Step(); }) {}

absl::StatusOr<absl::Duration> KeyDestroyer::DestroyDue() {
  std::vector<LivingKey> living;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(living, store_.ListLivingKeys(transaction));
    return absl::OkStatus();
  }));
  absl::Status first_error;
  absl::Duration pause = kLongestPause;
  std::set<std::string, std::less<>> kept;
  for (const LivingKey& key : living) {
    const absl::Time now = clock_.Now();
    if (key.close_time > now) {
      kept.insert(key.poll);
      pause = std::min(pause, key.close_time - now);
      continue;
    }
    first_error.Update(Destroy(key, now));
  }
  keys_.KeepOnly(kept);
  RETURN_IF_ERROR(first_error);
  return std::max(pause, kShortestPause);
}

absl::Status KeyDestroyer::Destroy(const LivingKey& key, absl::Time now) {
  bool destroyed = false;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(destroyed,
                     store_.DestroyPollKey(transaction, key.poll, DestroyCause::kCloseTime, now));
    return absl::OkStatus();
  }));
  if (destroyed) {
    telemetry_.logger->Info("poll key destroyed", {{"poll", key.poll}, {"cause", "CLOSE_TIME"}});
  }
  return absl::OkStatus();
}

absl::Duration KeyDestroyer::Step() {
  const absl::StatusOr<absl::Duration> pause = DestroyDue();
  if (pause.ok()) return *pause;
  telemetry_.logger->Error("poll keys not destroyed", {{"error", pause.status().ToString()}});
  return kLongestPause;
}

}  // namespace veche::issuer
