#pragma once

#include "absl/status/status.h"
#include "services/identity/domain/message.h"

namespace veche::identity {

// Hands messages to the provider that delivers them. Thread-safe.
class MessageSender {
 public:
  virtual ~MessageSender() = default;
  // OK: the provider has stored the message. Sending a message with the same id again changes
  // nothing. Unavailable: the provider did not take it; send it again later.
  virtual absl::Status Send(const OutgoingMessage& message) = 0;
};

}  // namespace veche::identity
