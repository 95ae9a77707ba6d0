#pragma once

#include "common/base/clock.h"
#include "services/identity/delivery/gate.h"
#include "services/identity/delivery/message_sender.h"

namespace veche::identity {

// Who takes the messages of a channel: how fast, and how many at once.
struct Provider {
  // `message_sender` must outlive the provider. `rate` is that of Gate.
  Provider(MessageSender& message_sender, double rate, int most_at_once)
      : sender(message_sender), gate(rate), at_once(most_at_once) {}

  MessageSender& sender;
  Gate gate;
  const int at_once;
};

// Sends what somebody waits for, such as a sign-in code: past the queue, and before everything in
// it. Thread-safe.
class DirectSender final : public MessageSender {
 public:
  // All must outlive it.
  DirectSender(Provider& email, Provider& sms, const Clock& clock)
      : email_(email), sms_(sms), clock_(clock) {}

  absl::Status Send(const OutgoingMessage& message) override {
    Provider& provider = ChannelOf(message.to.kind) == Channel::kEmail ? email_ : sms_;
    OutgoingMessage named = message;
    named.key = message.id + provider.sender.key_suffix();
    provider.gate.EnterUrgent(clock_.Now());
    absl::Status status = provider.sender.Send(named);
    provider.gate.Report(!absl::IsUnavailable(status), clock_.Now());
    return status;
  }

 private:
  Provider& email_;
  Provider& sms_;
  const Clock& clock_;
};

}  // namespace veche::identity
