#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/polling/polls/poll.h"

namespace veche::polling {

// Which polls a list shows.
struct PollFilter {
  std::vector<PollState> states;  // empty: all but drafts
  std::string district = {};      // "districts/{id}": only polls for it or the whole city
  std::string subject = {};       // "appeals/{id}", "initiatives/{id}": only what it led to
};

// When a poll takes ballots.
struct PollGate {
  absl::Time open_time;
  absl::Time close_time;
};

// The table of polls. Every method runs in the caller's transaction and may return the errors of
// sql::Transaction. Thread-safe.
class PollStore {
 public:
  absl::Status Add(sql::Transaction& transaction, const Poll& poll);
  absl::StatusOr<std::optional<Poll>> Get(sql::Transaction& transaction, absl::string_view id);
  // Locks the poll until the transaction ends.
  absl::StatusOr<std::optional<Poll>> Lock(sql::Transaction& transaction, absl::string_view id);
  // Stores all that may change. REQUIRES: Lock in the same transaction.
  absl::Status Update(sql::Transaction& transaction, const Poll& poll);
  absl::Status Delete(sql::Transaction& transaction, absl::string_view id);
  // At most `limit` polls older than the poll `before` ("": from the newest), newest first.
  absl::StatusOr<std::vector<Poll>> List(sql::Transaction& transaction, const PollFilter& filter,
                                         absl::string_view before, int limit);
  // The ids of polls that are to open, to close or to be called closing soon at `now`.
  absl::StatusOr<std::vector<std::string>> ListDue(sql::Transaction& transaction, absl::Time now);
  // The polls that are not finished by the clock alone: those that are scheduled and have no board
  // yet, and those that are closing.
  absl::StatusOr<std::vector<Poll>> ListUnfinished(sql::Transaction& transaction);

  // Lets ballots in. Does nothing when the poll has a gate.
  absl::Status OpenGate(sql::Transaction& transaction, const Poll& poll);
  // The gate, which stays until the transaction ends; nullopt when the poll takes no ballots.
  absl::StatusOr<std::optional<PollGate>> HoldGate(sql::Transaction& transaction,
                                                   absl::string_view id);
  // Waits for all who hold the gate; nobody holds it afterwards.
  absl::Status CloseGate(sql::Transaction& transaction, absl::string_view id);
};

}  // namespace veche::polling
