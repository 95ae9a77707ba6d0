#include "services/issuer/domain/errors.h"

#include "absl/time/time.h"
#include "common/base/error.h"

namespace veche::issuer {
namespace {

absl::Status Error(absl::StatusCode code, absl::string_view reason, ErrorMetadata metadata = {}) {
  return MakeError(code, "issuer", reason, metadata);
}

}  // namespace

absl::Status PollKeyDiffers() {
  return Error(absl::StatusCode::kFailedPrecondition, "POLL_KEY_DIFFERS");
}

absl::Status PollKeyNotFound() { return Error(absl::StatusCode::kNotFound, "POLL_KEY_NOT_FOUND"); }

absl::Status PollNotOpen() { return Error(absl::StatusCode::kFailedPrecondition, "POLL_NOT_OPEN"); }

absl::Status PollClosed() { return Error(absl::StatusCode::kFailedPrecondition, "POLL_CLOSED"); }

absl::Status NotEligible(absl::string_view because) {
  return Error(absl::StatusCode::kPermissionDenied, "NOT_ELIGIBLE", {{"because", because}});
}

absl::Status CredentialIssued() {
  return Error(absl::StatusCode::kAlreadyExists, "CREDENTIAL_ISSUED");
}

absl::Status TokenOfOtherPoll() {
  return Error(absl::StatusCode::kPermissionDenied, "TOKEN_OF_OTHER_POLL");
}

absl::Status IssuerBusy() {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "ISSUER_BUSY"),
                        absl::Seconds(1));
}

}  // namespace veche::issuer
