#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/identity/domain/contact.h"

namespace veche::identity {

// A message that leaves the suite.
struct OutgoingMessage {
  std::string id;  // ULID; a repeat of it is the same message
  Contact to;
  std::string subject;  // one line, may be empty
  std::string body;     // plain text
  absl::Time create_time;
};

// Hands messages to whoever delivers them. Thread-safe.
class MessageSender {
 public:
  virtual ~MessageSender() = default;
  // Returns OK once the message is in safe hands. A repeat with the same id changes nothing.
  // Unavailable when it could not be handed over; try again later.
  virtual absl::Status Send(const OutgoingMessage& message) = 0;
};

// Keeps each message as a file "<id>.json" of {to, channel, subject, body, createTime} for somebody
// else to deliver: what an installation without a provider does.
class FileOutbox final : public MessageSender {
 public:
  // Makes the folder (0700) when it is not there.
  explicit FileOutbox(std::filesystem::path folder);
  absl::Status Send(const OutgoingMessage& message) override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace veche::identity
