#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "services/polling/board/board.h"
#include "services/polling/storage/poll_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// Says where a ballot is. Thread-safe; the dependencies must outlive this object.
class Receipts {
 public:
  Receipts(sql::Database& database, PollStore& polls, BoardStore& entries, Board& board)
      : database_(database), polls_(polls), entries_(entries), board_(board) {}

  // With index, head and proof when the ballot is on the board; without them while it waits.
  // POLL_NOT_FOUND, BALLOT_NOT_FOUND.
  absl::StatusOr<v1::BallotReceipt> Get(absl::string_view poll, absl::string_view leaf_hash);

  // The size of the poll's board; 0 when there is none.
  absl::StatusOr<uint64_t> TreeSize(absl::string_view poll);

 private:
  sql::Database& database_;
  PollStore& polls_;
  BoardStore& entries_;
  Board& board_;
};

}  // namespace veche::polling
