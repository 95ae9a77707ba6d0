#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/texts.h"
#include "common/sql/database.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/domain/message.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/contact_store.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// For whom messages are: the language of each subscription, why the message came, and the link that
// ends such messages. Thread-safe.
class PostReaders {
 public:
  struct Parts {
    SubscriptionStore& subscriptions;
    AlertStore& alerts;
    ContactStore& contacts;
    DistrictMapProvider districts;
    const Texts& texts;
    std::string public_url;  // without a slash at the end
    std::string language;    // of subscribers without a subscription
  };
  // All of `parts` must outlive the object.
  explicit PostReaders(Parts parts) : parts_(std::move(parts)) {}

  // One for each job; runs in a reading transaction. `posts` has the posts of the jobs by number.
  absl::StatusOr<std::vector<Reader>> Find(sql::Transaction& transaction,
                                           absl::Span<const Job> jobs,
                                           const std::map<int64_t, PublishedAlert>& posts,
                                           const UnsubscribeTokens& tokens) const;

 private:
  const Parts parts_;
};

}  // namespace veche::notifications
