#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/error.h"

// A poll as its issuer knows it, and its key.

namespace veche::issuer {

// Who may have a credential; identity reads and applies it.
struct EligibilityRule {
  int min_age = 0;
  bool verified = false;
  std::vector<std::string> districts;  // sorted, each once

  friend bool operator==(const EligibilityRule&, const EligibilityRule&) = default;
};

// What a key is made for. Times are whole microseconds.
struct Poll {
  std::string id;
  EligibilityRule eligibility;
  absl::Time open_time;
  absl::Time close_time;

  friend bool operator==(const Poll&, const Poll&) = default;
};

struct PollKey {
  Poll poll;
  std::string public_key;  // SubjectPublicKeyInfo, DER
  std::string sealed_key;  // "" once destroyed
  absl::Time destroy_time = absl::InfiniteFuture();

  bool destroyed() const { return destroy_time != absl::InfiniteFuture(); }
};

// Adds a violation for every field of CreatePollKeyRequest that is invalid whatever the time.
void CheckPoll(const Poll& poll, Violations& violations);
// OK while the poll is open; else FailedPrecondition (POLL_NOT_OPEN or POLL_CLOSED).
absl::Status CheckOpen(const Poll& poll, absl::Time now);

}  // namespace veche::issuer
