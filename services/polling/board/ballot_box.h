#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/sql/database.h"
#include "services/polling/board/checkers.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/storage/board_store.h"
#include "services/polling/storage/poll_store.h"

namespace veche::polling {

// What became of a ballot.
struct CastBallot {
  std::string leaf_hash;
  bool repeated = false;  // the box had this very ballot before; it may be on the board
};

// Takes ballots. Knows nothing of who sends them. Thread-safe.
class BallotBox {
 public:
  // Of one voter key: whoever has a credential could otherwise fill the board.
  static constexpr int64_t kMostBallots = 100;

  // `on_ballot` is called, on an unspecified thread, when a ballot waits for its batch.
  BallotBox(sql::Database& database, PollStore& polls, BoardStore& board, Checkers& checkers,
            const Clock& clock, std::function<void()> on_ballot)
      : database_(database),
        polls_(polls),
        board_(board),
        checkers_(checkers),
        clock_(clock),
        on_ballot_(std::move(on_ballot)) {}

  // Stores a ballot durably. The same ballot again changes nothing.
  // REQUIRES: protocol::CheckForm finds nothing. POLL_NOT_FOUND, POLL_NOT_OPEN, POLL_CLOSED,
  // BALLOT_NOT_VALID, COUNTER_NOT_HIGHER, TOO_MANY_BALLOTS; InvalidArgument that names the answer.
  absl::StatusOr<CastBallot> Cast(const protocol::Ballot& ballot);

 private:
  absl::Status Add(sql::Transaction& transaction, absl::string_view poll,
                   const PendingBallot& ballot, bool& repeated);
  // OK when this very ballot was taken before; else COUNTER_NOT_HIGHER.
  absl::Status CheckRepeated(sql::Transaction& transaction, absl::string_view poll,
                             const PendingBallot& ballot, int64_t highest);

  sql::Database& database_;
  PollStore& polls_;
  BoardStore& board_;
  Checkers& checkers_;
  const Clock& clock_;
  const std::function<void()> on_ballot_;
};

}  // namespace veche::polling
