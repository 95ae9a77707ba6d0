#pragma once

#include <filesystem>

#include "services/identity/delivery/message_sender.h"

namespace veche::identity {

// The sender of an installation without a provider: writes each message to a file "<id>.json" with
// {to, channel, subject, body, createTime}, for another program to deliver.
class FileOutbox final : public MessageSender {
 public:
  // Creates `folder` (0700) if it is missing.
  explicit FileOutbox(std::filesystem::path folder);
  absl::Status Send(const OutgoingMessage& message) override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace veche::identity
