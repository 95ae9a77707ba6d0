#include "services/identity/calls/message_calls.h"

#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/api/page.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/identity/calls/convert.h"
#include "services/identity/calls/message_checks.h"
#include "services/identity/domain/errors.h"

namespace veche::identity {
namespace {

// Two callers may use the same request id for different requests.
std::string Unique(const rpc::Call& call, absl::string_view request_id) {
  return request_id.empty() ? "" : absl::StrCat(call.principal().name, "\n", request_id);
}

using Languages = google::protobuf::Map<std::string, v1::Content>;

const v1::Content& ContentFor(const Languages& languages, const std::string& locale,
                              const std::string& city) {
  for (const std::string& language : {locale, city, std::string("en")}) {
    const auto found = languages.find(language);
    if (found != languages.end()) return found->second;
  }
  return languages.begin()->second;  // CheckMessages: there is one
}

std::string WithLink(absl::string_view text, absl::string_view link) {
  return absl::StrReplaceAll(text, {{"{unsubscribe}", link}});
}

}  // namespace

absl::StatusOr<v1::RegisterGuestResponse> MessageCalls::RegisterGuest(
    const rpc::Call& call, const v1::RegisterGuestRequest& request, Violations violations) {
  const std::optional<api::Contact> contact = api::ParseContact(request.contact());
  if (!contact) {
    violations.Add("contact", "CONTACT");
  }
  CheckRequestId("requestId", request.request_id(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const Resident guest{.id = parts_.ids.New(),
                       .guest = true,
                       .profile = {.locale = call.language()},
                       .contacts = {{.contact = *contact}},
                       .create_time = parts_.clock.Now()};
  std::string id;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        id, parts_.store.FindOrAddGuest(transaction, guest, Unique(call, request.request_id())));
    return absl::OkStatus();
  }));
  v1::RegisterGuestResponse response;
  response.set_resident(ResidentName(id));
  return response;
}

absl::StatusOr<v1::SendMessagesResponse> MessageCalls::SendMessages(
    const rpc::Call& call, const v1::SendMessagesRequest& request, Violations violations) {
  CheckMessages(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<std::string> names;
  for (const auto& wire : request.recipients()) names.push_back(wire.resident());
  ASSIGN_OR_RETURN(const Recipients recipients, FindRecipients(names));
  v1::SendMessagesResponse response;
  std::vector<QueuedMessage> messages;
  const absl::Time now = parts_.clock.Now();
  for (const auto& wire : request.recipients()) {
    const auto recipient = recipients.find(ResidentId(wire.resident()));
    if (recipient == recipients.end()) {
      response.add_unreachable(wire.request_id());
      continue;
    }
    const v1::Content& content = ContentFor(request.contents(wire.content()).languages(),
                                            recipient->second.locale, parts_.language);
    messages.push_back({.id = parts_.ids.New(),
                        .request = Unique(call, wire.request_id()),
                        .resident = recipient->first,
                        .subject = content.subject(),
                        .body = WithLink(content.body(), wire.unsubscribe_url()),
                        .html = WithLink(content.html(), wire.unsubscribe_url()),
                        .unsubscribe_url = wire.unsubscribe_url(),
                        .urgent = request.urgent(),
                        .create_time = now});
  }
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    transaction.OnCommit(parts_.on_message);
    return parts_.messages.Add(transaction, messages, recipients);
  }));
  return response;
}

absl::StatusOr<v1::GetLocalesResponse> MessageCalls::GetLocales(
    const rpc::Call&, const v1::GetLocalesRequest& request, Violations violations) {
  if (request.residents_size() > kMostRecipients) {
    violations.Add("residents", {"TOO_MANY", {{"most", absl::StrCat(kMostRecipients)}}});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const Recipients recipients,
                   FindRecipients({request.residents().begin(), request.residents().end()}));
  v1::GetLocalesResponse response;
  for (const auto& [id, recipient] : recipients) {
    (*response.mutable_locales())[ResidentName(id)] = recipient.locale;
  }
  return response;
}

absl::StatusOr<Recipients> MessageCalls::FindRecipients(const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  for (const std::string& name : names) ids.push_back(ResidentId(name));
  Recipients recipients;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(recipients, parts_.messages.FindRecipients(transaction, ids));
    return absl::OkStatus();
  }));
  return recipients;
}

absl::StatusOr<v1::ListMessagesResponse> MessageCalls::ListMessages(
    const rpc::Call&, const v1::ListMessagesRequest& request, Violations violations) {
  const api::Page page(request, "", violations);
  const std::string before = page.Place(IsUlid, violations);
  if (!v1::Message::State_IsValid(request.state()) ||
      request.state() == v1::Message::STATE_UNSPECIFIED) {
    violations.Add("state", "REQUIRED");
  }
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<MessageSummary> messages;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(messages,
                     parts_.messages.List(transaction, static_cast<MessageState>(request.state()),
                                          before, page.size() + 1));
    return absl::OkStatus();
  }));
  v1::ListMessagesResponse response;
  if (messages.size() > static_cast<size_t>(page.size())) {
    messages.pop_back();
    response.set_next_page_token(page.TokenAfter(messages.back().id));
  }
  for (const MessageSummary& message : messages) *response.add_messages() = ToWire(message);
  return response;
}

absl::StatusOr<v1::Message> MessageCalls::ResendMessage(const rpc::Call& call,
                                                        const v1::ResendMessageRequest& request) {
  const std::string id(absl::StripPrefix(request.name(), "messages/"));
  v1::Message response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool revived,
                     parts_.messages.Revive(transaction, id, parts_.clock.Now()));
    ASSIGN_OR_RETURN(const std::optional<MessageSummary> message,
                     parts_.messages.Get(transaction, id));
    if (!message) return MessageNotFound();
    if (!revived) return MessageNotDead();
    response = ToWire(*message);
    transaction.OnCommit(parts_.on_message);
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::identity
