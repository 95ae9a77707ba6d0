#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/texts.h"
#include "common/rpc/channels.h"
#include "services/notifications/domain/contact_sender.h"
#include "veche/identity/v1/messages.grpc.pb.h"

namespace veche::notifications {

// Those whom identity can reach by e-mail or SMS. Thread-safe; blocks for a few seconds at most.
class Contacts final : public ContactSender {
 public:
  // All must outlive the object.
  Contacts(rpc::Channels& channels, const Texts& texts);

  // The languages of those of `residents` who have a contact, by "residents/{id}".
  absl::StatusOr<std::map<std::string, std::string>> Locales(
      absl::Span<const std::string> residents);

  // identity stores each message once for its key, whatever is repeated.
  absl::StatusOr<std::vector<Verdict>> Send(absl::Span<const ContactMessage> messages) override;

 private:
  absl::Status SendPage(absl::Span<const ContactMessage> page, std::vector<Verdict>& verdicts);

  const std::unique_ptr<identity::v1::Messages::StubInterface> identity_;
  const Texts& texts_;
};

}  // namespace veche::notifications
