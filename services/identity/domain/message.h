#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/api/contact.h"

// Messages to residents: one that waits in the queue, and one that goes out.

namespace veche::identity {

// A message to a resident whose contact the sender does not know.
struct QueuedMessage {
  std::string id;        // ULID
  std::string request;   // unique: the calling service and its request id
  std::string resident;  // id of the recipient
  std::string subject;   // one line, may be empty
  std::string body;      // plain text
  absl::Time create_time;
};

// A message that leaves Veche.
struct OutgoingMessage {
  std::string id;  // ULID; the same id is the same message
  api::Contact to;
  std::string subject;  // one line, may be empty
  std::string body;     // plain text
  absl::Time create_time;
};

}  // namespace veche::identity
