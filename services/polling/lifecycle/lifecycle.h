#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/board/board.h"
#include "services/polling/remote/city.h"
#include "services/polling/remote/issuers.h"
#include "services/polling/storage/poll_store.h"
#include "veche/polling/v1/events.pb.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// Moves fixed polls on: keys and board, opening, closing, counting. Each step is a transaction that
// finds out what is left to do, so a poll goes on from where a killed process left it, and two
// replicas may work on one poll. Thread-safe.
class Lifecycle {
 public:
  struct Parts {
    sql::Database& database;
    PollStore& polls;
    BoardStore& entries;
    Board& board;
    Issuers& issuers;
    City& city;
    events::EventLog& log;
    const Clock& clock;
    observe::Telemetry& telemetry;
  };
  explicit Lifecycle(const Parts& parts) : parts_(parts) {}

  // Fixes a draft: decides its open time. Idempotent. POLL_NOT_FOUND, POLL_ALREADY_OVER.
  absl::Status Schedule(absl::string_view id);
  // Lets no more ballots in. Idempotent. POLL_NOT_FOUND, POLL_NOT_OPEN for a draft.
  absl::Status BeginClosing(absl::string_view id);
  // Does all that is due now. Fails when an issuer or identity cannot be reached: call it again.
  absl::Status Advance(absl::string_view id);

 private:
  using Change = absl::FunctionRef<absl::Status(sql::Transaction&, Poll&)>;

  absl::StatusOr<Poll> Get(absl::string_view id);
  // Locks the poll, applies `change` and stores the poll.
  absl::Status ChangePoll(absl::string_view id, Change change);
  absl::Status Log(sql::Transaction& transaction, const Poll& poll, v1::PollingEvent::Type type);

  absl::Status MakeBoard(const Poll& poll);
  absl::Status GiveUp(const Poll& poll);
  absl::Status Open(const Poll& poll);
  absl::Status Notice(const Poll& poll);
  absl::Status Close(const Poll& poll);
  absl::StatusOr<bool> HasClosingRecord(const Poll& poll);
  absl::Status AppendLastBallots(const Poll& poll);
  absl::Status AppendClosingRecord(const Poll& poll);
  absl::StatusOr<v1::Results> CountBoard(const Poll& poll);

  const Parts parts_;
};

}  // namespace veche::polling
