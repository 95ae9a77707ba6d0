#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/calls/subscription_input.h"
#include "services/notifications/inbox/subscribers.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/contact_store.h"
#include "services/notifications/storage/subscription_store.h"
#include "veche/notifications/v1/subscriptions.pb.h"

namespace veche::notifications {

// A resident's own subscription. Thread-safe; may block.
class SubscriptionCalls {
 public:
  struct Parts {
    sql::Database& database;
    AlertStore& alerts;
    SubscriptionStore& subscriptions;
    ContactStore& contacts;
    Subscribers& subscribers;
    DistrictMapProvider districts;
    std::string time_zone;  // the city's
    const Clock& clock;
    // Called after each commit that changed a subscription, on any thread; it must be quick.
    std::function<void()> on_change;
  };
  // All of `parts` must outlive the object.
  explicit SubscriptionCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::Subscription> GetSubscription(const rpc::Call& call,
                                                   const v1::GetSubscriptionRequest& request);
  absl::StatusOr<v1::Subscription> ReplaceSubscription(
      const rpc::Call& call, const v1::ReplaceSubscriptionRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::Subscription> MuteTopic(const rpc::Call& call,
                                             const v1::MuteTopicRequest& request);
  absl::StatusOr<v1::Subscription> UnmuteTopic(const rpc::Call& call,
                                               const v1::UnmuteTopicRequest& request);

 private:
  absl::StatusOr<Choices> ReadChoices();
  // Applies `change` to the caller's subscription and stores it.
  using ChangeBody = absl::FunctionRef<absl::Status(sql::Transaction&, Subscription&)>;
  absl::StatusOr<v1::Subscription> Change(const rpc::Call& call, ChangeBody change);
  absl::Status CheckTopic(absl::string_view name);

  const Parts parts_;
};

}  // namespace veche::notifications
