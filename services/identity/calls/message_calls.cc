#include "services/identity/calls/message_calls.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/identity/calls/convert.h"
#include "services/identity/domain/errors.h"

namespace veche::identity {
namespace {

constexpr size_t kMaxRequestId = 256;  // callers join names, keys and hashes
constexpr size_t kMaxSubject = 200;
constexpr size_t kMaxBody = 10'000;

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

// Two callers may use the same request id for different requests.
std::string Unique(const rpc::Call& call, absl::string_view request_id) {
  return request_id.empty() ? "" : absl::StrCat(call.principal().name, "\n", request_id);
}

void CheckRequestId(absl::string_view request_id, Violations& violations) {
  AddProblem("requestId",
             text::TextProblem(request_id, {.max_characters = kMaxRequestId, .single_line = true}),
             violations);
}

}  // namespace

absl::StatusOr<v1::RegisterGuestResponse> MessageCalls::RegisterGuest(
    const rpc::Call& call, const v1::RegisterGuestRequest& request, Violations violations) {
  const std::optional<api::Contact> contact = api::ParseContact(request.contact());
  if (!contact) {
    violations.Add("contact", "CONTACT");
  }
  CheckRequestId(request.request_id(), violations);
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

absl::StatusOr<v1::SendMessageResponse> MessageCalls::SendMessage(
    const rpc::Call& call, const v1::SendMessageRequest& request, Violations violations) {
  CheckRequestId(request.request_id(), violations);
  AddProblem(
      "subject",
      text::TextProblem(request.subject(), {.max_characters = kMaxSubject, .single_line = true}),
      violations);
  AddProblem("body", text::TextProblem(request.body(), {.max_characters = kMaxBody}), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const QueuedMessage message{.id = parts_.ids.New(),
                              .request = Unique(call, request.request_id()),
                              .resident = ResidentId(request.recipient()),
                              .subject = request.subject(),
                              .body = request.body(),
                              .create_time = parts_.clock.Now()};
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string resident,
                     parts_.store.FindOrAddMessage(transaction, message));
    if (resident != message.resident) return RequestIdReused();
    transaction.OnCommit(parts_.on_message);
    return absl::OkStatus();
  }));
  return v1::SendMessageResponse();
}

}  // namespace veche::identity
