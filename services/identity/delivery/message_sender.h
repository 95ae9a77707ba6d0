#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/identity/domain/message.h"

namespace veche::identity {

// Hands messages to the provider that delivers them. Thread-safe.
class MessageSender {
 public:
  virtual ~MessageSender() = default;
  // OK: the provider has stored the message. Sending a message with the same key again replaces or
  // repeats the same message. Unavailable: the provider did not take it; send it again later.
  // InvalidArgument: the provider refuses this message for ever. The text of an error holds
  // nothing personal: "SMTP 550".
  virtual absl::Status Send(const OutgoingMessage& message) = 0;
  // What follows the id of a message in its key, such as "@example.org".
  virtual std::string key_suffix() const { return ""; }
  // Makes calls of Send that wait for the provider return soon; used when the process stops.
  virtual void Cancel() {}
};

}  // namespace veche::identity
