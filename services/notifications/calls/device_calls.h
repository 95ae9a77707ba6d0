#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/calls/push_input.h"
#include "services/notifications/calls/subscription_input.h"
#include "services/notifications/domain/device_limit.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/endpoint_store.h"
#include "services/notifications/storage/subscription_store.h"
#include "veche/notifications/v1/subscriptions.pb.h"

namespace veche::notifications {

// The subscriptions of devices without an account. Whoever has the device's token reads and changes
// its subscription; only a hash of the token is stored. Thread-safe; may block.
class DeviceCalls {
 public:
  struct Parts {
    sql::Database& database;
    AlertStore& alerts;
    SubscriptionStore& subscriptions;
    EndpointStore& endpoints;
    DistrictMapProvider districts;
    std::string time_zone;  // the city's
    const Clock& clock;
    IdSource& ids;
    // Called after each commit that changed a subscription, on any thread; it must be quick.
    std::function<void()> on_change;
    PushInputRules push_rules = {};
    int most_an_hour = 20;  // new devices of one address
  };
  // All of `parts` must outlive the object.
  explicit DeviceCalls(Parts parts) : parts_(std::move(parts)), limit_(parts_.most_an_hour) {}

  absl::StatusOr<v1::Device> CreateDevice(const rpc::Call& call,
                                          const v1::CreateDeviceRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Device> GetDevice(const rpc::Call& call, const v1::GetDeviceRequest& request);
  absl::StatusOr<v1::Device> UpdateDevice(const rpc::Call& call,
                                          const v1::UpdateDeviceRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::DeleteDeviceResponse> DeleteDevice(const rpc::Call& call,
                                                        const v1::DeleteDeviceRequest& request);

 private:
  absl::StatusOr<Choices> ReadChoices(const v1::Device& device);
  // The device, if the token is its own; DEVICE_NOT_FOUND otherwise.
  absl::StatusOr<Subscription> Find(sql::Transaction& transaction, absl::string_view name,
                                    absl::string_view token);
  PushSubscription ReadBrowser(const v1::Device& device, Violations& violations) const;
  absl::Status PutBrowser(sql::Transaction& transaction, PushSubscription browser,
                          absl::string_view name);

  const Parts parts_;
  DeviceLimit limit_;
};

}  // namespace veche::notifications
