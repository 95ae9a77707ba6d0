#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/notifications/domain/message.h"
#include "services/notifications/domain/verdict.h"

namespace veche::notifications {

// A message for the contact of a subscriber.
struct ContactMessage {
  std::string key;        // MessageKey: the provider must not send two messages with one key
  std::string recipient;  // the subscriber
  Message message;
};

// Hands messages to identity, which alone knows contacts. Thread-safe; blocks for a few seconds at
// most.
class ContactSender {
 public:
  virtual ~ContactSender() = default;
  // One call for a page of recipients; a verdict for each message. An error when nothing is known
  // of any: all are then tried again, with the same keys.
  virtual absl::StatusOr<std::vector<Verdict>> Send(absl::Span<const ContactMessage> messages) = 0;
};

}  // namespace veche::notifications
