#pragma once

#include <string>
#include <vector>

#include "services/notifications/storage/store.h"

namespace veche::notifications {

// The store in SQL, for both engines.
class SqlStore final : public Store {
 public:
  absl::Status Follow(sql::Transaction& transaction, absl::string_view appeal,
                      absl::string_view resident, absl::Time since) override;
  absl::Status Support(sql::Transaction& transaction, absl::string_view appeal,
                       absl::string_view resident, absl::Time since) override;
  absl::Status Unsupport(sql::Transaction& transaction, absl::string_view appeal,
                         absl::string_view resident) override;
  absl::Status Unfollow(sql::Transaction& transaction, absl::string_view appeal,
                        absl::string_view resident) override;
  absl::Status CarryOver(sql::Transaction& transaction, absl::string_view from,
                         absl::string_view to, absl::Time since) override;

  absl::Status Announce(sql::Transaction& transaction, const Happening& happening) override;
  absl::StatusOr<bool> Deliver(sql::Transaction& transaction, absl::string_view event,
                               int limit) override;
  absl::StatusOr<std::vector<std::string>> ListQueued(sql::Transaction& transaction,
                                                      int limit) override;

  absl::StatusOr<std::vector<Notice>> List(sql::Transaction& transaction,
                                           absl::string_view recipient, int64_t before, bool unread,
                                           int limit) override;
  absl::StatusOr<std::vector<Notice>> ListAfter(sql::Transaction& transaction,
                                                absl::string_view recipient, int64_t after,
                                                int64_t last, int limit) override;
  absl::StatusOr<std::vector<Notice>> ListAllAfter(sql::Transaction& transaction, int64_t after,
                                                   int limit) override;
  absl::StatusOr<int64_t> Newest(sql::Transaction& transaction) override;
  absl::StatusOr<int64_t> CountUnread(sql::Transaction& transaction,
                                      absl::string_view recipient) override;
  absl::Status MarkRead(sql::Transaction& transaction, absl::string_view recipient,
                        const std::vector<int64_t>& seqs) override;
  absl::Status MarkAllRead(sql::Transaction& transaction, absl::string_view recipient) override;
  absl::Status Prune(sql::Transaction& transaction, absl::Time before) override;
};

}  // namespace veche::notifications
