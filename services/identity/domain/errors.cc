#include "services/identity/domain/errors.h"

#include "common/base/error.h"

namespace veche::identity {
namespace {

absl::Status Error(absl::StatusCode code, absl::string_view reason, ErrorMetadata metadata = {}) {
  return MakeError(code, "identity", reason, metadata);
}

}  // namespace

absl::Status TooManyCodes(absl::Duration retry_after) {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_CODES"), retry_after);
}

absl::Status CodeNotSent() {
  return WithRetryAfter(Error(absl::StatusCode::kUnavailable, "CODE_NOT_SENT"), absl::Seconds(5));
}

absl::Status CodeWrong() { return Error(absl::StatusCode::kUnauthenticated, "CODE_WRONG"); }

absl::Status ChallengeExpired() {
  return Error(absl::StatusCode::kUnauthenticated, "CHALLENGE_EXPIRED");
}

absl::Status LoginFailed() { return Error(absl::StatusCode::kUnauthenticated, "LOGIN_FAILED"); }

absl::Status TooManyAttempts(absl::Duration retry_after) {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_ATTEMPTS"),
                        retry_after);
}

absl::Status TooManySignIns() {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS"),
                        absl::Seconds(1));
}

absl::Status SessionEnded() { return Error(absl::StatusCode::kUnauthenticated, "SESSION_ENDED"); }

absl::Status LoginTaken(absl::string_view login) {
  return Error(absl::StatusCode::kAlreadyExists, "LOGIN_TAKEN", {{"login", login}});
}

absl::Status AccountNotFound() { return Error(absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND"); }

absl::Status OwnAccount() { return Error(absl::StatusCode::kFailedPrecondition, "OWN_ACCOUNT"); }

absl::Status MessageNotFound() { return Error(absl::StatusCode::kNotFound, "MESSAGE_NOT_FOUND"); }

absl::Status MessageNotDead() {
  return Error(absl::StatusCode::kFailedPrecondition, "MESSAGE_NOT_DEAD");
}

absl::Status ResidentNotFound() { return Error(absl::StatusCode::kNotFound, "RESIDENT_NOT_FOUND"); }

}  // namespace veche::identity
