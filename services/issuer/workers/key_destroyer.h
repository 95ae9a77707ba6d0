#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/issuer/signing/key_ring.h"
#include "services/issuer/storage/store.h"

namespace veche::issuer {

// Destroys each poll's private key at its close time, whether polling calls or not, and takes keys
// that other replicas destroyed out of memory. One thread; any number of replicas.
class KeyDestroyer {
 public:
  // All must outlive it.
  KeyDestroyer(sql::Database& database, Store& store, KeyRing& keys, const Clock& clock,
               observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // Destroys the keys that are due. Returns how long the next close time is away, at most the
  // longest pause. A key that cannot be destroyed does not keep the others: the first such error
  // is returned after all were tried. The thread calls it; public for tests.
  absl::StatusOr<absl::Duration> DestroyDue();

 private:
  absl::Status Destroy(const LivingKey& key, absl::Time now);
  absl::Duration Step();

  sql::Database& database_;
  Store& store_;
  KeyRing& keys_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  Worker worker_;
};

}  // namespace veche::issuer
