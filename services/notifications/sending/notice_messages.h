#pragma once

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/texts.h"
#include "common/sql/database.h"
#include "services/notifications/contacts/contact_text.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/remote/change_notices.h"
#include "services/notifications/remote/contacts.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/contact_store.h"

namespace veche::notifications {

// Writes the messages about notices. The texts are made when a message leaves, because
// notifications stores none. Thread-safe; blocks for a few seconds at most.
class NoticeMessages final : public MessageSource {
 public:
  struct Parts {
    sql::Database& database;
    ContactStore& store;
    ChangeNotices& changes;
    Contacts& contacts;
    const UnsubscribeTokens& tokens;
    const Texts& texts;
    ContactOptions options;
    MessageSource* posts;  // writes the messages about posts of alerts; null for none
  };
  // All of `parts` must outlive the object.
  explicit NoticeMessages(Parts parts) : parts_(std::move(parts)) {}

  // A message to a contact has nothing to say to a person who has ended such messages.
  absl::StatusOr<std::vector<bool>> Write(absl::Span<Job> jobs) override;

 private:
  absl::StatusOr<std::vector<bool>> WriteNotices(absl::Span<Job> jobs);

  const Parts parts_;
};

}  // namespace veche::notifications
