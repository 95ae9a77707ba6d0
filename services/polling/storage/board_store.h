#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/merkle/tree.h"
#include "common/sql/database.h"

namespace veche::polling {

// A ballot that waits for its batch.
struct PendingBallot {
  std::string voter_hash;  // SHA-256 of the voter key
  int64_t counter = 0;
  std::string leaf_hash;
  std::string entry;
  int64_t minute = 0;  // Unix seconds, a whole minute
};

// The ballots of one voter key.
struct VoterBallots {
  int64_t highest_counter = 0;  // 0: none
  int64_t count = 0;
};

// What waits in one poll.
struct PendingCount {
  std::string poll;
  int64_t voters = 0;  // a ballot does not hide among others of its own voter
  int64_t oldest_minute = 0;
};

// An entry of a board.
struct BoardEntry {
  std::string entry;
  merkle::Hash leaf_hash = {};
};

// The tables of boards and of the ballots that wait for them. Every method runs in the caller's
// transaction and may return the errors of sql::Transaction. Thread-safe.
class BoardStore {
 public:
  // --- Ballots that wait. ---

  // The ballots of the voter key, on the board or waiting.
  absl::StatusOr<VoterBallots> BallotsOf(sql::Transaction& transaction, absl::string_view poll,
                                         absl::string_view voter_hash);
  // False when a ballot with this key and counter waits already.
  absl::StatusOr<bool> AddPending(sql::Transaction& transaction, absl::string_view poll,
                                  const PendingBallot& ballot);
  absl::StatusOr<bool> IsPending(sql::Transaction& transaction, absl::string_view poll,
                                 absl::string_view leaf_hash);
  absl::StatusOr<std::vector<PendingCount>> CountPending(sql::Transaction& transaction);
  // Removes up to `limit` ballots from those that wait, by the order of their hashes. Leaves out
  // the ballots whose key has their counter or a higher one on the board already. REQUIRES: the
  // poll is locked.
  absl::StatusOr<std::vector<PendingBallot>> TakePending(sql::Transaction& transaction,
                                                         absl::string_view poll, int limit);
  absl::Status NoteCounters(sql::Transaction& transaction, absl::string_view poll,
                            absl::Span<const PendingBallot> ballots);

  // --- The board. ---

  absl::StatusOr<bool> HasBoards(sql::Transaction& transaction);

  // REQUIRES: the poll is locked and its board has `size` entries.
  absl::Status Append(sql::Transaction& transaction, absl::string_view poll, uint64_t size,
                      absl::Span<const BoardEntry> entries, absl::Span<const merkle::Node> nodes);
  // The stored nodes among `ids`, with one query.
  absl::StatusOr<merkle::NodeMap> GetNodes(sql::Transaction& transaction, absl::string_view poll,
                                           const std::vector<merkle::NodeId>& ids);
  // The index of the leaf; nullopt when the board does not have it.
  absl::StatusOr<std::optional<uint64_t>> FindLeaf(sql::Transaction& transaction,
                                                   absl::string_view poll,
                                                   absl::string_view leaf_hash);
  absl::StatusOr<std::vector<std::string>> ListLeafHashes(sql::Transaction& transaction,
                                                          absl::string_view poll, uint64_t start,
                                                          int limit);
  absl::StatusOr<std::vector<std::string>> ListEntries(sql::Transaction& transaction,
                                                       absl::string_view poll, uint64_t start,
                                                       int limit);
};

}  // namespace veche::polling
