#pragma once

#include <filesystem>

#include "services/identity/delivery/message_sender.h"

namespace veche::identity {

// The sender of an installation without a provider: writes each message to a file "<id>.json", for
// another program to deliver. docs/messages.md has the format.
class FileOutbox final : public MessageSender {
 public:
  // Creates `folder` (0700) if it is missing.
  explicit FileOutbox(std::filesystem::path folder);
  absl::Status Send(const OutgoingMessage& message) override;

  // Deletes files that are older than 30 days, also what a killed process left behind. What cannot
  // be deleted stays.
  void Prune(absl::Time now);

 private:
  const std::filesystem::path folder_;
};

}  // namespace veche::identity
