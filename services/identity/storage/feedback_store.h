#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/identity/domain/feedback.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// The table `feedback`. Methods are steps of the caller's transaction. Errors are those of
// sql::Transaction, and DataLoss for a sealed value that the vault cannot open. Thread-safe.
class FeedbackStore {
 public:
  // `vault` must outlive the store.
  explicit FeedbackStore(const Vault& vault) : vault_(vault) {}

  absl::Status Add(sql::Transaction& transaction, const FeedbackNote& note);
  // Notes with ids below `before`, newest first; "" for the first page.
  absl::StatusOr<std::vector<FeedbackNote>> List(sql::Transaction& transaction,
                                                 absl::string_view before, int limit);
  // Deletes notes that are more than a year old.
  absl::Status Prune(sql::Transaction& transaction, absl::Time now);

 private:
  const Vault& vault_;
};

}  // namespace veche::identity
