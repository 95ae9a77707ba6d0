#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/storage/contact_store.h"
#include "veche/notifications/v1/contacts.pb.h"

namespace veche::notifications {

// The links that end messages by contact. Thread-safe; may block.
class ContactCalls {
 public:
  // All must outlive it.
  ContactCalls(sql::Database& database, ContactStore& store, const UnsubscribeTokens& tokens,
               const Clock& clock, const Texts& texts)
      : database_(database), store_(store), tokens_(tokens), clock_(clock), texts_(texts) {}

  absl::StatusOr<google::api::HttpBody> GetUnsubscribePage(
      const rpc::Call& call, const v1::GetUnsubscribePageRequest& request);
  absl::StatusOr<google::api::HttpBody> Unsubscribe(const rpc::Call& call,
                                                    const v1::UnsubscribeRequest& request);

 private:
  sql::Database& database_;
  ContactStore& store_;
  const UnsubscribeTokens& tokens_;
  const Clock& clock_;
  const Texts& texts_;
};

}  // namespace veche::notifications
