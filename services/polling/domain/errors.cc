#include "services/polling/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::polling {
namespace {

using absl::StatusCode;

constexpr char kDomain[] = "polling";

}  // namespace

absl::Status PollNotFound(absl::string_view name) {
  return MakeError(StatusCode::kNotFound, kDomain, "POLL_NOT_FOUND", {{"name", name}});
}

absl::Status PollNotDraft() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "POLL_NOT_DRAFT");
}

absl::Status PollAlreadyOver() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "POLL_ALREADY_OVER");
}

absl::Status PollNotOpen() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "POLL_NOT_OPEN");
}

absl::Status PollClosed() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "POLL_CLOSED");
}

absl::Status PollHasNoBoard() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "POLL_HAS_NO_BOARD");
}

absl::Status ResultsHidden() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "RESULTS_HIDDEN");
}

absl::Status BoardNotClosed() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "BOARD_NOT_CLOSED");
}

absl::Status BallotNotValid(absl::string_view part, absl::string_view issuer) {
  return MakeError(StatusCode::kInvalidArgument, kDomain, "BALLOT_NOT_VALID",
                   {{"part", part}, {"issuer", issuer}});
}

absl::Status CounterNotHigher(int64_t counter) {
  return MakeError(StatusCode::kAlreadyExists, kDomain, "COUNTER_NOT_HIGHER",
                   {{"counter", absl::StrCat(counter)}});
}

absl::Status TooManyBallots(int64_t most) {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_BALLOTS",
                   {{"most", absl::StrCat(most)}});
}

absl::Status BallotNotFound() {
  return MakeError(StatusCode::kNotFound, kDomain, "BALLOT_NOT_FOUND");
}

absl::Status PictureNotFound() {
  return MakeError(StatusCode::kNotFound, kDomain, "PICTURE_NOT_FOUND");
}

absl::Status TooManyStreams() {
  return WithRetryAfter(MakeError(StatusCode::kResourceExhausted, kDomain, "TOO_MANY_STREAMS"),
                        absl::Seconds(5));
}

absl::Status Stopping() {
  return WithRetryAfter(MakeError(StatusCode::kUnavailable, kDomain, "STOPPING"), absl::Seconds(1));
}

}  // namespace veche::polling
