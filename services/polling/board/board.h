#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/crypto/evp_key.h"
#include "common/merkle/proof.h"
#include "common/merkle/signed_head.h"
#include "services/polling/polls/poll.h"
#include "services/polling/storage/board_store.h"

namespace veche::polling {

// Where a leaf is, proven by the head of the poll.
struct LeafProof {
  uint64_t index = 0;
  merkle::Proof hashes;
};

// The boards of polls: Merkle logs with signed heads (docs/polling-protocol.md, section 4). Every
// method runs in the caller's transaction and may return the errors of sql::Transaction.
// Thread-safe.
class Board {
 public:
  // The largest batch that one transaction appends.
  static constexpr int kLargestBatch = 2000;

  // `key` is the Ed25519 private key of all boards. The arguments must outlive the board.
  Board(BoardStore& store, const EVP_PKEY& key, const Clock& clock)
      : store_(store), key_(key), clock_(clock) {}

  // The public half of the key: 32 bytes.
  std::string PublicKey() const;

  // Appends entries and signs a new head, which goes to `poll`. REQUIRES: the poll is locked, and
  // the caller stores it.
  absl::Status Append(sql::Transaction& transaction, Poll& poll, std::vector<std::string> entries);
  // Appends the ballots that wait, at most kLargestBatch, in random order. Returns their leaf
  // hashes; none when none waited. REQUIRES: as Append.
  absl::StatusOr<std::vector<std::string>> AppendBatch(sql::Transaction& transaction, Poll& poll);

  // Nullopt when the board does not have the leaf.
  absl::StatusOr<std::optional<LeafProof>> Prove(sql::Transaction& transaction, const Poll& poll,
                                                 absl::string_view leaf_hash);
  // OutOfRange unless index < size <= poll.tree_size.
  absl::StatusOr<merkle::Proof> ProveIndex(sql::Transaction& transaction, const Poll& poll,
                                           uint64_t index, uint64_t size);
  // OutOfRange unless 0 < first <= second <= poll.tree_size.
  absl::StatusOr<merkle::Proof> ProveConsistency(sql::Transaction& transaction, const Poll& poll,
                                                 uint64_t first, uint64_t second);

 private:
  BoardStore& store_;
  const EVP_PKEY& key_;
  const Clock& clock_;
};

// The latest head of the poll's board. REQUIRES: poll.tree_size > 0.
merkle::SignedHead HeadOf(const Poll& poll);

// The beginning of the minute, in Unix seconds.
int64_t WholeMinute(absl::Time time);

}  // namespace veche::polling
