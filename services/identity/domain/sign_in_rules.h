#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/identity/domain/contact.h"

// The limits of signing in: codes, sessions and guesses.

namespace veche::identity {

constexpr absl::Duration kCodeLifetime = absl::Minutes(10);
constexpr int kMaxTries = 5;  // of one code
constexpr absl::Duration kCodeWindow = absl::Hours(1);
constexpr int kMaxCodes = 5;  // for one contact in a window
constexpr absl::Duration kRefreshLifetime = absl::Hours(24 * 30);
// How long a refresh token that was just traded gets the same answer again: a client whose answer
// was lost, or two tabs at once, keep their session. Later it is reuse, and the session ends.
constexpr absl::Duration kRefreshGrace = absl::Seconds(10);

// A one-time code on its way. The code itself is nowhere; its keyed hash is here.
struct Challenge {
  std::string id;
  Contact contact;
  std::string code_hash;
  absl::Time create_time;
  absl::Time expire_time;
  int tries = 0;
};

// Codes that were sent to a contact within the window.
struct SentCodes {
  int count = 0;
  absl::Time oldest;
};
// How long to wait for the next code; zero: send it.
absl::Duration WaitForCode(const SentCodes& sent, absl::Time now);

// True for six ASCII digits.
bool IsCode(absl::string_view text);

// What a client keeps a session alive with.
struct Session {
  std::string id;
  std::string principal;      // "residents/{id}" or "staff/{id}"
  std::string token_hash;     // SHA-256 of the refresh token that is good now
  std::string previous_hash;  // of the one before
  absl::Time rotate_time;     // when the one before was traded
  absl::Time expire_time;
};
// True when `hash` is of a token that was traded so recently that its answer may have been lost.
bool InGrace(const Session& session, absl::string_view hash, absl::Time now);

// Wrong passwords for one login, known or not.
struct Guesses {
  int failures = 0;
  absl::Time last = absl::UnixEpoch();
};
// Five are free; then each must wait twice as long as the one before, a minute at most, so that an
// attacker gets a guess a minute and the owner is not locked out for long.
absl::Duration WaitForGuess(const Guesses& guesses, absl::Time now);
// Counts a guess as failed before it is known; an hour without any forgets them.
void CountGuess(Guesses& guesses, absl::Time now);

}  // namespace veche::identity
