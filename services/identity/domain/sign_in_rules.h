#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/api/contact.h"

// The limits of signing in: codes, sessions and guesses.

namespace veche::identity {

constexpr absl::Duration kCodeLifetime = absl::Minutes(10);
constexpr int kMaxTries = 5;  // of one code
constexpr absl::Duration kCodeWindow = absl::Hours(1);
constexpr int kMaxCodes = 5;  // for one contact in a window
constexpr absl::Duration kRefreshLifetime = absl::Hours(24 * 30);
// For so long after a refresh token was used, using it again returns the same successor, so that a
// client whose answer was lost, or a second tab, keeps its session. Later it is reuse, and the
// session ends.
constexpr absl::Duration kRefreshGrace = absl::Seconds(10);

// A one-time code that was sent. The code itself is not stored, only its keyed hash.
struct Challenge {
  std::string id;
  api::Contact contact;
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
// How long the contact must wait for the next code; zero: send it now.
absl::Duration WaitForCode(const SentCodes& sent, absl::Time now);

// True for six ASCII digits.
bool IsCode(absl::string_view text);

// A session, kept alive by refresh tokens.
struct Session {
  std::string id;
  std::string principal;      // "residents/{id}" or "staff/{id}"
  std::string token_hash;     // SHA-256 of the current refresh token
  std::string previous_hash;  // SHA-256 of the previous refresh token
  absl::Time rotate_time;     // when the previous token was replaced
  absl::Time expire_time;
};
// Longer than an access token is valid.
constexpr absl::Duration kKeepEndedSessions = absl::Minutes(16);

// A session that was ended before it expired.
struct EndedSession {
  std::string id;
  absl::Time end_time;
};
// True when `hash` is that of the previous token and was replaced at most kRefreshGrace ago.
bool InGrace(const Session& session, absl::string_view hash, absl::Time now);

// Wrong passwords for one login, whether an account has it or not.
struct Guesses {
  int failures = 0;
  absl::Time last = absl::UnixEpoch();
};
// How long the login must wait for the next guess. Five guesses are free; then the pause doubles
// with each, up to a minute: an attacker gets one guess a minute, and the owner is not locked out
// for long.
absl::Duration WaitForGuess(const Guesses& guesses, absl::Time now);
// Counts a guess as wrong before it is verified. After an hour without a guess the count starts
// anew.
void CountGuess(Guesses& guesses, absl::Time now);

}  // namespace veche::identity
