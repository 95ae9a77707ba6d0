#include "services/polling/calls/credential_calls.h"

#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "services/polling/domain/errors.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {

absl::StatusOr<v1::IssueCredentialResponse> CredentialCalls::IssueCredential(
    const rpc::Call& call, const v1::IssueCredentialRequest& request, Violations violations) {
  std::optional<Poll> poll;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(poll, polls_.Get(transaction, PollId(request.name())));
    return absl::OkStatus();
  }));
  if (!poll || poll->state == PollState::kDraft) return PollNotFound(request.name());
  const auto& issuers = poll->definition.issuers;
  const std::string name = request.issuer().empty() ? issuers.front().name : request.issuer();
  if (!absl::c_any_of(issuers, [&](const auto& issuer) { return issuer.name == name; })) {
    violations.Add("issuer", "ISSUER_UNKNOWN");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (poll->tree_size == 0) return PollNotOpen();
  if (poll->state >= PollState::kClosing) return PollClosed();
  v1::IssueCredentialResponse response;
  ASSIGN_OR_RETURN(*response.mutable_blind_signature(),
                   issuers_.Issue(call, name, poll->id, request.blinded_message()));
  return response;
}

}  // namespace veche::polling
