#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/subscription.h"

namespace veche::notifications {

// A notice and the subscription of its recipient.
struct NoticeRecipient {
  int64_t notice = 0;  // its number
  Subscription subscription;
};

// The subscriptions of residents and of devices. Each method is one step that must be atomic with
// what its caller does, so it runs in the caller's transaction; methods that only read accept a
// reading transaction. Errors are those of sql::Transaction. Thread-safe.
//
// Each change gets the next number of a counter that stays locked until the commit. So a reader
// that has seen a change has seen all changes with a smaller number.
class SubscriptionStore {
 public:
  absl::StatusOr<std::optional<Subscription>> Get(sql::Transaction& transaction,
                                                  absl::string_view subscriber);
  // The same, and locks all subscriptions against changes until the transaction ends.
  absl::StatusOr<std::optional<Subscription>> Lock(sql::Transaction& transaction,
                                                   absl::string_view subscriber);
  // Stores what a resident has who has chosen nothing, unless there is a row. All posts that exist
  // count as read. The home district is not known yet.
  absl::Status AddDefault(sql::Transaction& transaction, absl::string_view resident,
                          absl::string_view language, absl::Time now);
  // Adds the subscription, or replaces what the subscriber has chosen: topics, muted, districts,
  // channels, quiet hours, language and contact_messages. Sets `id` and `version`.
  absl::Status Put(sql::Transaction& transaction, Subscription& subscription, absl::Time now);
  // Stores the home district of a resident who has a row; "" for none. When `only_unknown`, only if
  // no home district is stored yet.
  absl::Status SetHome(sql::Transaction& transaction, absl::string_view resident,
                       absl::string_view district, bool only_unknown);
  // Ends a device's subscription: it has no channels and no token any more.
  absl::Status End(sql::Transaction& transaction, absl::string_view subscriber, absl::Time now);
  // Deletes subscriptions that ended before `before`.
  absl::Status Prune(sql::Transaction& transaction, absl::Time before);

  // The subscriptions whose last change has a number above `version`, in the order of the changes.
  absl::StatusOr<std::vector<Subscription>> ListChanged(sql::Transaction& transaction,
                                                        int64_t version, int limit);
  // The subscriptions with these ids, by id; unknown ids are left out.
  absl::StatusOr<std::vector<Subscription>> ListByIds(sql::Transaction& transaction,
                                                      absl::Span<const uint32_t> ids);
  // Those of these subscribers; unknown ones are left out.
  absl::StatusOr<std::vector<Subscription>> ListBySubscribers(
      sql::Transaction& transaction, absl::Span<const std::string> subscribers);
  // The notices with a number above `after`, up to `last`, whose recipients have one of `channels`,
  // by number.
  absl::StatusOr<std::vector<NoticeRecipient>> ListNoticeRecipients(sql::Transaction& transaction,
                                                                    int64_t after, int64_t last,
                                                                    Channels channels);
  // The number of the newest change; 0 before the first.
  absl::StatusOr<int64_t> NewestVersion(sql::Transaction& transaction);
};

}  // namespace veche::notifications
