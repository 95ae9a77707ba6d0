#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/sql/database.h"
#include "services/notifications/domain/subscription.h"
#include "services/notifications/remote/residents.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// The subscriptions of residents who read their feed. Thread-safe; blocks.
class Subscribers {
 public:
  // All must outlive the object.
  Subscribers(sql::Database& database, SubscriptionStore& store, Residents& residents,
              const Clock& clock)
      : database_(database), store_(store), residents_(residents), clock_(clock) {}

  // The subscription of a resident. Stores the default for one who has none, and asks identity for
  // a home district that is not known yet. While identity does not answer, the resident has no home
  // district. Errors are those of the database.
  absl::StatusOr<Subscription> Of(absl::string_view resident, absl::string_view language);

 private:
  sql::Database& database_;
  SubscriptionStore& store_;
  Residents& residents_;
  const Clock& clock_;
};

}  // namespace veche::notifications
