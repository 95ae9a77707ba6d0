#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/contact_store.h"
#include "veche/notifications/v1/contacts.pb.h"

namespace veche::notifications {

// The links that end messages by contact. Thread-safe; may block.
class ContactCalls {
 public:
  // All must outlive it.
  ContactCalls(sql::Database& database, ContactStore& store, AlertStore& alerts,
               const UnsubscribeTokens& tokens, const Clock& clock, const Texts& texts)
      : database_(database),
        store_(store),
        alerts_(alerts),
        tokens_(tokens),
        clock_(clock),
        texts_(texts) {}

  absl::StatusOr<google::api::HttpBody> GetUnsubscribePage(
      const rpc::Call& call, const v1::GetUnsubscribePageRequest& request);
  absl::StatusOr<google::api::HttpBody> Unsubscribe(const rpc::Call& call,
                                                    const v1::UnsubscribeRequest& request);

 private:
  // The title of the topic that `what` is about, "" if it is about an appeal.
  absl::StatusOr<std::string> TopicOf(sql::Transaction& transaction, const Unsubscription& what,
                                      absl::string_view language);

  sql::Database& database_;
  ContactStore& store_;
  AlertStore& alerts_;
  const UnsubscribeTokens& tokens_;
  const Clock& clock_;
  const Texts& texts_;
};

}  // namespace veche::notifications
