#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "common/http_client/client.h"
#include "services/identity/delivery/file_outbox.h"
#include "services/identity/delivery/provider.h"
#include "veche/config/v1/config.pb.h"

namespace veche::identity {

// The providers of the configuration, with their senders. A channel without a provider has the file
// outbox. Thread-safe.
class Providers {
 public:
  // `outbox` is the folder of the file outbox. FailedPrecondition that names the field of `config`
  // that cannot be used.
  static absl::StatusOr<std::unique_ptr<Providers>> Create(const config::v1::Delivery& config,
                                                           const std::filesystem::path& outbox);

  Provider& email() { return *email_; }
  Provider& sms() { return *sms_; }
  FileOutbox& outbox() { return outbox_; }

 private:
  explicit Providers(const std::filesystem::path& outbox) : outbox_(outbox) {}

  FileOutbox outbox_;
  std::unique_ptr<http_client::Client> client_;
  std::unique_ptr<MessageSender> email_sender_;
  std::unique_ptr<MessageSender> sms_sender_;
  std::unique_ptr<Provider> email_;
  std::unique_ptr<Provider> sms_;
};

}  // namespace veche::identity
