#include "services/polling/board/board.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "services/polling/board/shuffle.h"

namespace veche::polling {

int64_t WholeMinute(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  return seconds - seconds % 60;
}

merkle::SignedHead HeadOf(const Poll& poll) {
  merkle::SignedHead head;
  head.head.log_id = poll.id;
  head.head.size = poll.tree_size;
  head.head.unix_seconds = poll.head_seconds;
  std::copy_n(poll.head_root.begin(), std::min(poll.head_root.size(), head.head.root.size()),
              head.head.root.begin());
  head.signature = poll.head_signature;
  return head;
}

std::string Board::PublicKey() const { return crypto::Ed25519PublicBytes(key_); }

absl::Status Board::Append(sql::Transaction& transaction, Poll& poll,
                           std::vector<std::string> entries) {
  // A head by another key than the definition's would be worth nothing.
  if (poll.definition.board_key != PublicKey()) {
    return absl::FailedPreconditionError(
        "The board key is not the one that this poll's definition names. Give each replica the key "
        "that the poll was opened with.");
  }
  ASSIGN_OR_RETURN(const merkle::NodeMap edge,
                   store_.GetNodes(transaction, poll.id, merkle::RootNodes(poll.tree_size)));
  ASSIGN_OR_RETURN(merkle::Frontier frontier, merkle::Frontier::Load(poll.tree_size, edge));
  std::vector<BoardEntry> rows;
  std::vector<merkle::Hash> leaves;
  for (std::string& entry : entries) {
    leaves.push_back(merkle::LeafHash(entry));
    rows.push_back({std::move(entry), leaves.back()});
  }
  const std::vector<merkle::Node> nodes = frontier.Append(leaves);
  RETURN_IF_ERROR(store_.Append(transaction, poll.id, poll.tree_size, rows, nodes));

  // Another replica's clock may be ahead.
  const uint64_t seconds =
      std::max(poll.head_seconds, static_cast<uint64_t>(WholeMinute(clock_.Now())));
  ASSIGN_OR_RETURN(merkle::SignedHead head, merkle::SignHead({.log_id = poll.id,
                                                              .size = frontier.size(),
                                                              .unix_seconds = seconds,
                                                              .root = frontier.Root()},
                                                             key_));
  poll.tree_size = head.head.size;
  poll.head_seconds = seconds;
  poll.head_root = std::string(merkle::HashBytes(head.head.root));
  poll.head_signature = std::move(head.signature);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Board::AppendBatch(sql::Transaction& transaction,
                                                            Poll& poll) {
  ASSIGN_OR_RETURN(std::vector<PendingBallot> batch,
                   store_.TakePending(transaction, poll.id, kLargestBatch));
  std::vector<std::string> leaves;
  if (batch.empty()) return leaves;
  Shuffle(batch);
  RETURN_IF_ERROR(store_.NoteCounters(transaction, poll.id, batch));
  std::vector<std::string> entries;
  for (PendingBallot& ballot : batch) {
    entries.push_back(std::move(ballot.entry));
    leaves.push_back(std::move(ballot.leaf_hash));
  }
  RETURN_IF_ERROR(Append(transaction, poll, std::move(entries)));
  return leaves;
}

absl::StatusOr<std::optional<LeafProof>> Board::Prove(sql::Transaction& transaction,
                                                      const Poll& poll,
                                                      absl::string_view leaf_hash) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> index,
                   store_.FindLeaf(transaction, poll.id, leaf_hash));
  if (!index || *index >= poll.tree_size) return std::nullopt;
  ASSIGN_OR_RETURN(merkle::Proof hashes, ProveIndex(transaction, poll, *index, poll.tree_size));
  return LeafProof{*index, std::move(hashes)};
}

absl::StatusOr<merkle::Proof> Board::ProveIndex(sql::Transaction& transaction, const Poll& poll,
                                                uint64_t index, uint64_t size) {
  if (size > poll.tree_size) return absl::OutOfRangeError("the board has fewer entries");
  ASSIGN_OR_RETURN(const merkle::NodeMap nodes,
                   store_.GetNodes(transaction, poll.id, merkle::InclusionNodes(index, size)));
  return merkle::InclusionProof(index, size, nodes);
}

absl::StatusOr<merkle::Proof> Board::ProveConsistency(sql::Transaction& transaction,
                                                      const Poll& poll, uint64_t first,
                                                      uint64_t second) {
  if (first == 0 || second > poll.tree_size) {
    return absl::OutOfRangeError("the board has fewer entries");
  }
  ASSIGN_OR_RETURN(const merkle::NodeMap nodes,
                   store_.GetNodes(transaction, poll.id, merkle::ConsistencyNodes(first, second)));
  return merkle::ConsistencyProof(first, second, nodes);
}

}  // namespace veche::polling
