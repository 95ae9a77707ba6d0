#include "services/identity/domain/sign_in_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace veche::identity {
namespace {

constexpr int kFreeGuesses = 5;
constexpr absl::Duration kLongestWait = absl::Minutes(1);
constexpr absl::Duration kForgetGuesses = absl::Hours(1);

}  // namespace

absl::Duration WaitForCode(const SentCodes& sent, absl::Time now) {
  if (sent.count < kMaxCodes) return absl::ZeroDuration();
  return std::max(sent.oldest + kCodeWindow - now, absl::Seconds(1));
}

bool IsCode(absl::string_view text) {
  return text.size() == 6 && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

bool InGrace(const Session& session, absl::string_view hash, absl::Time now) {
  return session.previous_hash == hash && now - session.rotate_time <= kRefreshGrace;
}

absl::Duration WaitForGuess(const Guesses& guesses, absl::Time now) {
  if (guesses.failures < kFreeGuesses || now - guesses.last >= kForgetGuesses) {
    return absl::ZeroDuration();
  }
  const int doublings = std::min(guesses.failures - kFreeGuesses, 10);
  const absl::Duration wait = std::min(absl::Seconds(1 << doublings), kLongestWait);
  return std::max(guesses.last + wait - now, absl::ZeroDuration());
}

void CountGuess(Guesses& guesses, absl::Time now) {
  if (now - guesses.last >= kForgetGuesses) guesses.failures = 0;
  ++guesses.failures;
  guesses.last = now;
}

}  // namespace veche::identity
