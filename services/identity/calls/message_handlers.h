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

// What other services ask for: to keep a guest's contact, and to write to somebody whose contact
// they do not know. Thread-safe; may block.
class MessageHandlers {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const Clock& clock;
    IdSource& ids;
    std::string language;              // of guests
    std::function<void()> on_message;  // wakes whoever sends; called after the commit
  };
  // All of `parts` must outlive it.
  explicit MessageHandlers(Parts parts) : parts_(std::move(parts)) {}

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
