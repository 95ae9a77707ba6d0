#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of the issuer that a client may branch on. The comment is the reason's meaning.

namespace veche::issuer {

// POLL_KEY_DIFFERS: the poll has a key already, with another rule or other times.
absl::Status PollKeyDiffers();
// POLL_KEY_NOT_FOUND: there is no key of this poll.
absl::Status PollKeyNotFound();
// POLL_NOT_OPEN: the poll is not open yet.
absl::Status PollNotOpen();
// POLL_CLOSED: the poll is closed.
absl::Status PollClosed();
// NOT_ELIGIBLE: the resident may not take part; `because` is the reason of identity, or
// "UNKNOWN_RESIDENT".
absl::Status NotEligible(absl::string_view because);
// CREDENTIAL_ISSUED: the resident's credential was issued for another blinded message.
absl::Status CredentialIssued();
// TOKEN_OF_OTHER_POLL: the caller's token is for the credential of another poll.
absl::Status TokenOfOtherPoll();
// ISSUER_BUSY: too many calls wait for a signature.
absl::Status IssuerBusy();

}  // namespace veche::issuer
