#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/fanout/delivery_writer.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/fan_out_store.h"
#include "services/notifications/workers/subscription_watch.h"

namespace veche::notifications {

// Writes the deliveries of each post of an alert, page by page, the most severe post first. A page
// and the position after it are one transaction, so a crash neither loses nor doubles a delivery.
// Of several processes one works at a post; another goes on when that one has died. A post that
// another one replaced is not delivered any more, and its deliveries that have not begun are
// withdrawn. Thread-safe.
class AlertFanOuts {
 public:
  struct Parts {
    sql::Database& database;
    AlertStore& alerts;
    FanOutStore& fan_outs;
    DeliveryStore& deliveries;
    DeliveryWriter& writer;
    SubscriptionWatch& subscriptions;
    const Clock& clock;
    observe::Telemetry& telemetry;
    std::string owner;  // unique for the process
    // Called after each commit that wrote deliveries, on any thread; it must be quick.
    std::function<void()> on_deliveries;
  };
  // All of `parts` must outlive the object.
  explicit AlertFanOuts(Parts parts);

  void Start() { worker_.Start(); }
  // Finishes the page in progress and returns when the thread has ended.
  void Stop() { worker_.Stop(); }
  // Call it when posts were committed in this process. Returns at once; any thread.
  void Wake() { worker_.Wake(); }

  // Writes the next page of the most severe post; true when there was none. The thread calls it;
  // public for tests.
  absl::StatusOr<bool> WriteNext();

 private:
  absl::Status WritePage(const AlertFanOut& fan_out);
  // Withdraws the deliveries of the posts that this one replaces.
  absl::Status WithdrawReplaced(int64_t seq);
  absl::Duration Step();

  const Parts parts_;
  Worker worker_;
};

}  // namespace veche::notifications
