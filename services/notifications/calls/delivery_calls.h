#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/storage/delivery_store.h"
#include "veche/notifications/v1/deliveries.pb.h"

namespace veche::notifications {

// Deliveries that were given up, for administrators. Thread-safe; may block.
class DeliveryCalls {
 public:
  struct Parts {
    sql::Database& database;
    DeliveryStore& store;
    const Clock& clock;
    // Called after a delivery was queued again, on any thread; it must be quick.
    std::function<void()> on_queued;
  };
  // All of `parts` must outlive the object.
  explicit DeliveryCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::ListDeliveriesResponse> ListDeliveries(
      const rpc::Call& call, const v1::ListDeliveriesRequest& request, Violations violations = {});
  absl::StatusOr<v1::Delivery> ResendDelivery(const rpc::Call& call,
                                              const v1::ResendDeliveryRequest& request);

 private:
  const Parts parts_;
};

}  // namespace veche::notifications
