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
  // What the clock decides: opens the poll, says that it closes soon, begins to close it. Asks
  // nobody.
  absl::Status KeepTime(absl::string_view id);
  // What issuers and identity must answer: the board of a scheduled poll, the closing record of one
  // that is closing. Fails when one of them cannot be reached: call it again.
  absl::Status AskIssuers(absl::string_view id);
  // Whether the closing record is on the board, so that only the count is left.
  absl::StatusOr<bool> HasClosingRecord(const Poll& poll);
  // Counts a poll that has its closing record, and closes it. Takes long for many ballots.
  absl::Status Count(absl::string_view id);

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
  absl::Status AppendLastBallots(const Poll& poll);
  absl::Status AppendClosingRecord(const Poll& poll);
  absl::StatusOr<v1::Results> CountBoard(const Poll& poll);

  const Parts parts_;
};

}  // namespace veche::polling
