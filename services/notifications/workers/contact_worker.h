#pragma once

#include <vector>

#include "absl/random/random.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/domain/contact_sender.h"
#include "services/notifications/domain/delivery.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/workers/delivery_metrics.h"

namespace veche::notifications {

struct ContactWorkerOptions {
  absl::Duration lease = absl::Seconds(90);
  absl::Duration poll = absl::Seconds(1);
  int page = 200;  // deliveries handed over in one call
};

// Hands the deliveries to contacts over to identity, page by page. They are sent when identity has
// stored them: it has a queue of its own. Thread-safe.
class ContactWorker {
 public:
  struct Parts {
    sql::Database& database;
    DeliveryStore& store;
    MessageSource& messages;
    ContactSender& contacts;
    const Clock& clock;
    observe::Telemetry& telemetry;
  };
  // All of `parts` must outlive the worker.
  ContactWorker(ContactWorkerOptions options, Parts parts);

  void Start() { worker_.Start(); }
  // There may be new deliveries. Quick.
  void Wake() { worker_.Wake(); }
  // Lets the call that runs end.
  void Stop() { worker_.Stop(); }

 private:
  absl::Duration Step();
  absl::StatusOr<bool> HandOver(absl::Time now);
  absl::Status Settle(const std::vector<Job>& jobs, const std::vector<Verdict>& verdicts,
                      absl::Time now);

  const ContactWorkerOptions options_;
  const Parts parts_;
  DeliveryMetrics metrics_;
  absl::BitGen random_;  // of the thread alone
  Worker worker_;
};

}  // namespace veche::notifications
