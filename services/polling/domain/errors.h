#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of this service that a client may branch on, by its reason.

namespace veche::polling {

// NOT_FOUND, POLL_NOT_FOUND: there is no such poll, or the caller may not see it.
absl::Status PollNotFound(absl::string_view name);
// FAILED_PRECONDITION.
absl::Status PollNotDraft();
absl::Status PollAlreadyOver();
absl::Status PollNotOpen();
absl::Status PollClosed();
absl::Status PollHasNoBoard();
absl::Status ResultsHidden();
absl::Status BoardNotClosed();
// INVALID_ARGUMENT, BALLOT_NOT_VALID with metadata part and issuer.
absl::Status BallotNotValid(absl::string_view part, absl::string_view issuer);
// ALREADY_EXISTS, COUNTER_NOT_HIGHER with metadata counter: the highest one so far.
absl::Status CounterNotHigher(int64_t counter);
// FAILED_PRECONDITION, TOO_MANY_BALLOTS with metadata most.
absl::Status TooManyBallots(int64_t most);
// NOT_FOUND.
absl::Status BallotNotFound();
absl::Status PictureNotFound();
// RESOURCE_EXHAUSTED.
absl::Status TooManyStreams();
// UNAVAILABLE.
absl::Status Stopping();

}  // namespace veche::polling
