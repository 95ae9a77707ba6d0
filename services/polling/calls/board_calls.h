#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/polling/board/board.h"
#include "services/polling/remote/issued_counts.h"
#include "services/polling/storage/poll_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// The calls of those who check a board. Thread-safe; the dependencies must outlive this object and
// its streams.
class BoardCalls {
 public:
  using File = rpc::StreamProducer<google::api::HttpBody>;

  BoardCalls(sql::Database& database, PollStore& polls, BoardStore& entries, Board& board,
             IssuedCounts& issued)
      : database_(database), polls_(polls), entries_(entries), board_(board), issued_(issued) {}

  absl::StatusOr<v1::Board> GetBoard(const rpc::Call& call, const v1::GetBoardRequest& request,
                                     Violations violations);
  absl::StatusOr<v1::InclusionProof> GetInclusionProof(const rpc::Call& call,
                                                       const v1::GetInclusionProofRequest& request);
  absl::StatusOr<v1::ConsistencyProof> GetConsistencyProof(
      const rpc::Call& call, const v1::GetConsistencyProofRequest& request);
  absl::StatusOr<std::unique_ptr<File>> DownloadBoard(const rpc::Call& call,
                                                      const v1::DownloadBoardRequest& request);

 private:
  // Reads the poll, which must have a board.
  absl::StatusOr<Poll> Find(sql::Transaction& transaction, absl::string_view name);
  void AddIssued(const Poll& poll, v1::Board& board);

  sql::Database& database_;
  PollStore& polls_;
  BoardStore& entries_;
  Board& board_;
  IssuedCounts& issued_;
};

}  // namespace veche::polling
