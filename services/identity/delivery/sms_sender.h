#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/http_client/client.h"
#include "services/identity/delivery/message_sender.h"
#include "veche/config/v1/config.pb.h"

namespace veche::identity {

// Sends text messages through a provider's HTTP interface: one POST for each, with a body from a
// template. A 2xx means sent. 400, 422 and the like mean that the provider refuses the message.
// What is about the provider or the configuration (401, 403, 404, 408, 429, 5xx, no answer) is
// tried again.
class SmsSender final : public MessageSender {
 public:
  struct Options {
    std::string url;
    std::string body;  // with {phone}, {text} and {id}
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers;
  };
  // Reads the file of headers. FailedPrecondition that names the field when `sms` cannot be used.
  static absl::StatusOr<Options> Read(const config::v1::Sms& sms);

  // `client` must outlive the sender.
  SmsSender(Options options, http_client::Client& client)
      : options_(std::move(options)), client_(client) {}

  absl::Status Send(const OutgoingMessage& message) override;

 private:
  const Options options_;
  http_client::Client& client_;
};

}  // namespace veche::identity
