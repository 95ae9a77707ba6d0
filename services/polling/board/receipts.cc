#include "services/polling/board/receipts.h"

#include "common/base/status_macros.h"
#include "services/polling/domain/errors.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {

absl::StatusOr<v1::BallotReceipt> Receipts::Get(absl::string_view poll,
                                                absl::string_view leaf_hash) {
  v1::BallotReceipt receipt;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    receipt.Clear();
    ASSIGN_OR_RETURN(const std::optional<Poll> stored, polls_.Get(transaction, poll));
    if (!stored || stored->tree_size == 0) return PollNotFound(PollName(poll));
    receipt.set_ticket(protocol::TicketOf(leaf_hash));
    receipt.set_leaf_hash(std::string(leaf_hash));
    ASSIGN_OR_RETURN(const std::optional<LeafProof> proof,
                     board_.Prove(transaction, *stored, leaf_hash));
    if (!proof) {
      ASSIGN_OR_RETURN(const bool waits, entries_.IsPending(transaction, poll, leaf_hash));
      return waits ? absl::OkStatus() : BallotNotFound();
    }
    receipt.set_board_index(static_cast<int64_t>(proof->index));
    *receipt.mutable_signed_head() = ToWire(HeadOf(*stored));
    AddHashes(proof->hashes, *receipt.mutable_inclusion_proof());
    return absl::OkStatus();
  }));
  return receipt;
}

absl::StatusOr<uint64_t> Receipts::TreeSize(absl::string_view poll) {
  uint64_t size = 0;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Poll> stored, polls_.Get(transaction, poll));
    size = stored ? stored->tree_size : 0;
    return absl::OkStatus();
  }));
  return size;
}

}  // namespace veche::polling
