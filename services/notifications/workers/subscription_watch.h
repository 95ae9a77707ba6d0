#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/domain/recipient_count.h"
#include "services/notifications/index/subscription_index.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// The index of all subscriptions, kept current from their changes in the database. Thread-safe;
// blocks.
class SubscriptionWatch final : public RecipientCounter {
 public:
  // All must outlive the object. `residents` counts the residents of districts.
  SubscriptionWatch(sql::Database& database, SubscriptionStore& store, RecipientCounter& residents,
                    observe::Telemetry& telemetry);

  // Reads the subscriptions now, and changes of other processes once a second.
  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }
  // Call it when subscriptions were changed in this process. Returns at once; any thread.
  void Wake() { worker_.Wake(); }

  // Brings the index up to all changes that were committed before the call.
  absl::Status Refresh();
  // SubscriptionIndex::Find on the index as it is.
  std::vector<uint32_t> Find(const SubscriptionIndex::Query& query) const;

  // Every resident of the districts reads alerts in the app, except those who have chosen
  // otherwise; the other channels are counted by subscriptions.
  absl::StatusOr<RecipientCount> Count(const std::string& topic, Severity severity,
                                       const std::vector<std::string>& districts) override;

 private:
  absl::Duration Step();

  sql::Database& database_;
  SubscriptionStore& store_;
  RecipientCounter& residents_;
  observe::Telemetry& telemetry_;
  absl::Mutex refreshing_;  // one refresh at a time; taken before mutex_
  mutable absl::Mutex mutex_;
  SubscriptionIndex index_ ABSL_GUARDED_BY(mutex_);
  int64_t version_ ABSL_GUARDED_BY(refreshing_) = 0;  // the index has the changes up to it
  Worker worker_;
};

}  // namespace veche::notifications
