#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/random/random.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/http_client/client.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/domain/delivery.h"
#include "services/notifications/sending/request_queue.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/workers/delivery_metrics.h"

namespace veche::notifications {

struct DeliveryWorkerOptions {
  Channel channel = Channel::kWebPush;
  ProviderLimits limits;
  // How long a claim lasts. Longer than messages wait in memory and a request may take.
  absl::Duration lease = absl::Seconds(90);
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration poll = absl::Seconds(1);  // for deliveries of other processes
  // While a provider has enough to do, or none may be sent to, the database is asked for others.
  absl::Duration look = absl::Milliseconds(100);
};

// Sends the deliveries of a channel whose providers speak HTTP: claims, sends, settles, with one
// thread. What is claimed when the process dies is claimed again after the lease, with the same
// key. Thread-safe.
class DeliveryWorker {
 public:
  struct Parts {
    sql::Database& database;
    DeliveryStore& store;
    MessageSource& messages;
    RequestMaker& requests;
    http_client::Client& client;
    const Clock& clock;
    observe::Telemetry& telemetry;
  };
  // All of `parts` must outlive the worker.
  DeliveryWorker(DeliveryWorkerOptions options, Parts parts);

  void Start() { worker_.Start(); }
  // There may be new deliveries. Quick.
  void Wake() {
    fresh_ = true;
    worker_.Wake();
  }
  // Does not wait for answers: their deliveries are sent again later, with the same keys.
  void Stop() { worker_.Stop(); }

 private:
  absl::Duration Step();
  void TakeFinished(absl::Time now);
  bool ShouldLook(absl::Time now);
  bool low() const { return under_way_.size() < static_cast<size_t>(options_.limits.concurrency); }
  absl::Status ClaimAndAdd(absl::Time now);
  absl::Status AddPage(std::vector<Job> jobs, absl::Time now);
  absl::Time Pump(absl::Time now);
  absl::Status Settle();
  void Decide(const Job& job, const Verdict& verdict, absl::Time now);
  void Postpone(const Job& job, absl::Time until);
  void PostponeAll(absl::Span<const Job> jobs, absl::Time now);
  absl::Duration PauseUntil(absl::Time next, absl::Time now) const;
  double Random() { return absl::Uniform(random_, 0.0, 1.0); }

  const DeliveryWorkerOptions options_;
  const Parts parts_;
  const int page_;          // deliveries claimed at once
  const size_t in_memory_;  // messages that wait or run; some more with emergencies
  DeliveryMetrics metrics_;
  // Of the thread alone.
  RequestQueue queue_;
  std::map<int64_t, Job> under_way_;  // by ticket
  int64_t last_ticket_ = 0;
  std::vector<Outcome> outcomes_;             // to be stored
  std::vector<std::string> gone_;             // endpoints to be forgotten
  bool postponed_ = false;                    // deliveries of the last page
  bool may_be_more_ = true;                   // due deliveries in the database
  absl::Time looked_ = absl::InfinitePast();  // when the database was last asked
  absl::BitGen random_;
  std::atomic<bool> fresh_ = true;  // somebody called Wake
  Worker worker_;
};

}  // namespace veche::notifications
