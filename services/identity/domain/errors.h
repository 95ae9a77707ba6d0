#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Every error of identity that a client may branch on. The comment is the reason's meaning.

namespace veche::identity {

// TOO_MANY_CODES: the contact got five codes within an hour.
absl::Status TooManyCodes(absl::Duration retry_after);
// CODE_NOT_SENT: the code could not be handed over to be delivered.
absl::Status CodeNotSent();
// CODE_WRONG: the code is not the one that was sent; the challenge has tries left.
absl::Status CodeWrong();
// CHALLENGE_EXPIRED: the challenge is unknown, too old, used, or was tried too often.
absl::Status ChallengeExpired();
// LOGIN_FAILED: no enabled account has this login and password.
absl::Status LoginFailed();
// TOO_MANY_ATTEMPTS: too many wrong passwords for this login.
absl::Status TooManyAttempts(absl::Duration retry_after);
// TOO_MANY_SIGN_INS: too many people sign in at this moment.
absl::Status TooManySignIns();
// SESSION_ENDED: the refresh token is unknown, expired, or its session has ended.
absl::Status SessionEnded();
// LOGIN_TAKEN: another staff account has this login.
absl::Status LoginTaken(absl::string_view login);
// ACCOUNT_NOT_FOUND: there is no such account.
absl::Status AccountNotFound();
// OWN_ACCOUNT: administrators may not disable themselves or give up ADMIN.
absl::Status OwnAccount();
// MESSAGE_NOT_FOUND: there is no such message.
absl::Status MessageNotFound();
// MESSAGE_NOT_DEAD: the message is on its way or was sent.
absl::Status MessageNotDead();
// RESIDENT_NOT_FOUND: there is no such resident.
absl::Status ResidentNotFound();

}  // namespace veche::identity
