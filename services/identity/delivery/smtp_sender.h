#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/identity/delivery/mail_headers.h"
#include "services/identity/delivery/message_sender.h"
#include "veche/config/v1/config.pb.h"

namespace veche::identity {

// Sends e-mails to a relay by SMTP. Plain text and, if the message has it, HTML stand as
// alternatives in one message. Connections are kept: each is used by one message at a time, and
// there are as many as messages were ever sent at once.
class SmtpSender final : public MessageSender {
 public:
  struct Options {
    std::string url;
    std::string user;
    std::string password;
    Mailbox from;
    bool insecure = false;                       // whether the relay may be without TLS
    std::string ca_file;                         // "": the authorities of the system
    absl::Duration timeout = absl::Seconds(30);  // of one message
  };
  // Reads the password. FailedPrecondition that names the field when `smtp` cannot be used.
  static absl::StatusOr<Options> Read(const config::v1::Smtp& smtp, absl::string_view ca_file);

  explicit SmtpSender(Options options);
  ~SmtpSender() override;

  absl::Status Send(const OutgoingMessage& message) override;
  std::string key_suffix() const override;
  void Cancel() override { cancelled_ = true; }

 private:
  class Session;

  std::unique_ptr<Session> Take();
  void PutBack(std::unique_ptr<Session> session);

  const Options options_;
  std::atomic<bool> cancelled_ = false;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::identity
