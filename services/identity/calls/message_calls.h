#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/storage/message_store.h"
#include "services/identity/storage/store.h"
#include "veche/identity/v1/identity.pb.h"
#include "veche/identity/v1/messages.pb.h"

namespace veche::identity {

// For other services: stores a guest's contact, and queues messages to people whose contacts only
// identity knows. For administrators: what became of the messages. Thread-safe; may block.
class MessageCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    MessageStore& messages;
    const Clock& clock;
    IdSource& ids;
    std::string language;              // of the city
    std::function<void()> on_message;  // called after messages are committed
  };
  // All of `parts` must outlive it.
  explicit MessageCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::RegisterGuestResponse> RegisterGuest(const rpc::Call& call,
                                                          const v1::RegisterGuestRequest& request,
                                                          Violations violations = {});
  absl::StatusOr<v1::SendMessagesResponse> SendMessages(const rpc::Call& call,
                                                        const v1::SendMessagesRequest& request,
                                                        Violations violations = {});
  absl::StatusOr<v1::GetLocalesResponse> GetLocales(const rpc::Call& call,
                                                    const v1::GetLocalesRequest& request,
                                                    Violations violations = {});
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(const rpc::Call& call,
                                                        const v1::ListMessagesRequest& request,
                                                        Violations violations = {});
  absl::StatusOr<v1::Message> ResendMessage(const rpc::Call& call,
                                            const v1::ResendMessageRequest& request);

 private:
  absl::StatusOr<Recipients> FindRecipients(const std::vector<std::string>& names);

  const Parts parts_;
};

}  // namespace veche::identity
