#include "services/notifications/remote/contacts.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/notifications/contacts/contact_text.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";
constexpr absl::Duration kTimeout = absl::Seconds(10);
// identity takes so many at once; the texts of a page stay far below 4 MiB.
constexpr size_t kPage = 500;
constexpr size_t kPageOfMessages = 100;

}  // namespace

Contacts::Contacts(rpc::Channels& channels, const Texts& texts)
    : identity_(identity::v1::Messages::NewStub(channels.For("identity"))), texts_(texts) {}

absl::StatusOr<std::map<std::string, std::string>> Contacts::Locales(
    absl::Span<const std::string> residents) {
  std::map<std::string, std::string> locales;
  for (; !residents.empty(); residents.remove_prefix(std::min(kPage, residents.size()))) {
    identity::v1::GetLocalesRequest request;
    for (const std::string& resident : residents.first(std::min(kPage, residents.size()))) {
      request.add_residents(resident);
    }
    identity::v1::GetLocalesResponse response;
    RETURN_IF_ERROR(rpc::FromGrpc(identity_->GetLocales(
        rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
    locales.insert(response.locales().begin(), response.locales().end());
  }
  return locales;
}

absl::StatusOr<std::vector<Verdict>> Contacts::Send(absl::Span<const ContactMessage> messages) {
  std::vector<Verdict> verdicts;
  for (; !messages.empty(); messages.remove_prefix(std::min(kPageOfMessages, messages.size()))) {
    RETURN_IF_ERROR(SendPage(messages.first(std::min(kPageOfMessages, messages.size())), verdicts));
  }
  return verdicts;
}

absl::Status Contacts::SendPage(absl::Span<const ContactMessage> page,
                                std::vector<Verdict>& verdicts) {
  // An emergency overtakes; the others of its page go with it.
  identity::v1::SendMessagesRequest request;
  for (const ContactMessage& message : page) {
    auto& recipient = *request.add_recipients();
    recipient.set_resident(message.recipient);
    recipient.set_request_id(message.key);
    recipient.set_content(request.contents_size());
    if (absl::StartsWith(message.message.mute_link, "http")) {
      recipient.set_unsubscribe_url(message.message.mute_link);
    }
    (*request.add_contents()->mutable_languages())[message.message.language] =
        ContentOf(message.message, texts_);
    if (message.message.severity == Severity::kEmergency) request.set_urgent(true);
  }
  identity::v1::SendMessagesResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity_->SendMessages(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
  const std::set<std::string> unreachable(response.unreachable().begin(),
                                          response.unreachable().end());
  for (const ContactMessage& message : page) {
    if (unreachable.contains(message.key)) {
      verdicts.push_back({.kind = Verdict::Kind::kGone, .error = "NO_CONTACT"});
    } else {
      verdicts.push_back({});
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::notifications
