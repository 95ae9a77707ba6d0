#include "services/issuer/calls/credential_calls.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"
#include "common/rpc/status.h"
#include "services/issuer/calls/convert.h"
#include "services/issuer/domain/errors.h"

namespace veche::issuer {
namespace {

absl::Status WrongMessage(size_t bytes, Violations& violations) {
  violations.Add("blindedMessage", {"BLINDED_MESSAGE", {{"bytes", absl::StrCat(bytes)}}});
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::IssueCredentialResponse> CredentialCalls::IssueCredential(
    const rpc::Call& call, const v1::IssueCredentialRequest& request, Violations violations) {
  RETURN_IF_ERROR(violations.ToStatus());
  if (call.principal().scope != absl::StrCat("polls/", request.poll())) return TokenOfOtherPoll();
  ASSIGN_OR_RETURN(const std::shared_ptr<const KeyRing::OpenKey> open,
                   parts_.keys.Get(request.poll()));
  RETURN_IF_ERROR(CheckOpen(open->poll, parts_.clock.Now()));
  const std::string& blinded = request.blinded_message();
  const size_t bytes = open->key.public_key().modulus_bytes();
  if (blinded.size() != bytes) return WrongMessage(bytes, violations);

  Credential credential{.poll = request.poll(),
                        .resident = call.principal().name,
                        .message_hash = crypto::Sha256(blinded)};
  ASSIGN_OR_RETURN(const std::optional<std::string> issued,
                   Issued(credential.poll, credential.resident));
  if (issued && *issued != credential.message_hash) return CredentialIssued();
  if (!issued) {
    ASSIGN_OR_RETURN(credential.district, DistrictOf(call, open->poll));
  }

  // Signed before the row is committed and answered after it: a crash in between leaves either no
  // credential, or one whose signature the resident gets by repeating the request.
  absl::StatusOr<std::string> signature = parts_.signer.Sign(open->key, blinded);
  if (absl::IsInvalidArgument(signature.status())) return WrongMessage(bytes, violations);
  RETURN_IF_ERROR(signature.status());
  if (!issued) RETURN_IF_ERROR(Add(credential));
  v1::IssueCredentialResponse response;
  response.set_blind_signature(*std::move(signature));
  return response;
}

absl::StatusOr<std::optional<std::string>> CredentialCalls::Issued(absl::string_view poll,
                                                                   absl::string_view resident) {
  std::optional<std::string> hash;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(hash, parts_.store.FindCredential(transaction, poll, resident));
    return absl::OkStatus();
  }));
  return hash;
}

absl::StatusOr<std::string> CredentialCalls::DistrictOf(const rpc::Call& call, const Poll& poll) {
  identity::v1::CheckEligibilityRequest request;
  request.set_resident(call.principal().name);
  *request.mutable_eligibility() = ToWire(poll.eligibility);
  *request.mutable_time() = api::ToTimestamp(poll.close_time);
  identity::v1::CheckEligibilityResponse response;
  const auto context = call.NewContext();
  const absl::Status status =
      rpc::FromGrpc(parts_.identity.CheckEligibility(context.get(), request, &response));
  if (absl::IsNotFound(status)) return NotEligible("UNKNOWN_RESIDENT");
  RETURN_IF_ERROR(status);
  if (!response.eligible()) {
    return NotEligible(identity::v1::CheckEligibilityResponse::Reason_Name(response.reason()));
  }
  return response.district();
}

absl::Status CredentialCalls::Add(const Credential& credential) {
  std::string present;
  const absl::Status status =
      parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(present, parts_.store.FindOrAddCredential(transaction, credential));
        return absl::OkStatus();
      });
  if (ErrorReason(status) == "POLL_CLOSED") parts_.keys.Forget(credential.poll);
  RETURN_IF_ERROR(status);
  return present == credential.message_hash ? absl::OkStatus() : CredentialIssued();
}

}  // namespace veche::issuer
