#include "services/polling/remote/issuer_pauses.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kFirst = absl::Seconds(1);

}  // namespace

absl::Status IssuerPauses::Check(absl::string_view issuer) {
  absl::MutexLock lock(&mutex_);
  const auto found = pauses_.find(issuer);
  const bool over = found == pauses_.end() || clock_.Now() >= found->second.end;
  return over ? absl::OkStatus() : found->second.error;
}

absl::Status IssuerPauses::Note(absl::string_view issuer, absl::Status status) {
  absl::MutexLock lock(&mutex_);
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) {
    pauses_.erase(issuer);
    return status;
  }
  Pause& pause = pauses_[issuer];
  pause.error = absl::UnavailableError(
      absl::StrCat("the issuer ", issuer, " does not answer: ", status.message()));
  const absl::Time now = clock_.Now();
  if (pause.length == absl::ZeroDuration()) {
    pause.length = kFirst;
  } else if (now >= pause.end) {  // else another call of the same pause has failed
    pause.length = std::min(2 * pause.length, kLongest);
  }
  pause.end = now + pause.length;
  return pause.error;
}

}  // namespace veche::polling
