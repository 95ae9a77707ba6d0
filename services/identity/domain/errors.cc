#include "services/identity/domain/errors.h"

#include "common/base/error.h"

namespace veche::identity {
namespace {

absl::Status Error(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                   ErrorMetadata metadata = {}) {
  return MakeError(code, "identity", reason, message, metadata);
}

}  // namespace

absl::Status TooManyCodes(absl::Duration retry_after) {
  return WithRetryAfter(
      Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_CODES",
            "Too many codes were sent to this contact. Use the last one or try again later."),
      retry_after);
}

absl::Status CodeNotSent() {
  return WithRetryAfter(Error(absl::StatusCode::kUnavailable, "CODE_NOT_SENT",
                              "The code could not be sent. Try again in a moment."),
                        absl::Seconds(5));
}

absl::Status CodeWrong() {
  return Error(absl::StatusCode::kUnauthenticated, "CODE_WRONG",
               "The code is not the one that was sent. Check it and try again.");
}

absl::Status ChallengeExpired() {
  return Error(absl::StatusCode::kUnauthenticated, "CHALLENGE_EXPIRED",
               "The code has expired or was already used. Ask for a new one.");
}

absl::Status LoginFailed() {
  return Error(absl::StatusCode::kUnauthenticated, "LOGIN_FAILED",
               "The login or the password is not right.");
}

absl::Status TooManyAttempts(absl::Duration retry_after) {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_ATTEMPTS",
                              "Too many wrong passwords for this login. Wait a little."),
                        retry_after);
}

absl::Status TooManySignIns() {
  return WithRetryAfter(Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_SIGN_INS",
                              "Too many people sign in at this moment. Try again."),
                        absl::Seconds(1));
}

absl::Status SessionEnded() {
  return Error(absl::StatusCode::kUnauthenticated, "SESSION_ENDED",
               "The session has ended. Sign in again.");
}

absl::Status LoginTaken(absl::string_view login) {
  return Error(absl::StatusCode::kAlreadyExists, "LOGIN_TAKEN",
               "Another account has this login. Choose another one.", {{"login", login}});
}

absl::Status AccountNotFound() {
  return Error(absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND", "There is no such account.");
}

absl::Status OwnAccount() {
  return Error(absl::StatusCode::kFailedPrecondition, "OWN_ACCOUNT",
               "You cannot disable your own account or give up ADMIN. Ask another administrator.");
}

absl::Status RecipientNotFound() {
  return Error(absl::StatusCode::kNotFound, "RECIPIENT_NOT_FOUND",
               "There is no such recipient, or no contact to reach them by.");
}

absl::Status RequestIdReused() {
  return Error(absl::StatusCode::kFailedPrecondition, "REQUEST_ID_REUSED",
               "The request id was used for another message. Choose a new one.");
}

}  // namespace veche::identity
