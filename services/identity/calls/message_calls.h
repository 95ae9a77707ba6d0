#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/storage/store.h"
#include "veche/identity/v1/identity.pb.h"

namespace veche::identity {

// For other services: stores a guest's contact, and sends messages to people whose contacts only
// identity knows. Thread-safe; may block.
class MessageCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const Clock& clock;
    IdSource& ids;
    std::function<void()> on_message;  // called after a message is committed
  };
  // All of `parts` must outlive it.
  explicit MessageCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::RegisterGuestResponse> RegisterGuest(const rpc::Call& call,
                                                          const v1::RegisterGuestRequest& request,
                                                          Violations violations = {});
  absl::StatusOr<v1::SendMessageResponse> SendMessage(const rpc::Call& call,
                                                      const v1::SendMessageRequest& request,
                                                      Violations violations = {});

 private:
  const Parts parts_;
};

}  // namespace veche::identity
