#include "services/polling/protocol/mirror.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "common/merkle/proof.h"

namespace veche::polling::protocol {
namespace {

constexpr uint64_t kHeadSeconds = 60;

}  // namespace

absl::Status CheckHead(const merkle::SignedHead& head, absl::string_view poll,
                       absl::string_view board_key) {
  if (head.head.log_id != poll) {
    return absl::InvalidArgumentError(
        absl::StrCat("The head is of the poll \"", head.head.log_id, "\", not of \"", poll, "\"."));
  }
  if (head.head.unix_seconds % kHeadSeconds != 0) {
    return absl::InvalidArgumentError("The head's time is not a whole minute.");
  }
  const crypto::EvpKey key = crypto::Ed25519FromPublic(board_key);
  if (key == nullptr) return absl::InvalidArgumentError("The board key is not an Ed25519 key.");
  if (!merkle::VerifyHead(head, *key)) {
    return absl::InvalidArgumentError("The head's signature is not valid under the board key.");
  }
  return absl::OkStatus();
}

absl::Status CheckOrder(const merkle::SignedHead& previous, const merkle::SignedHead& next) {
  const bool grew = next.head.size > previous.head.size;
  const bool shrank = next.head.size < previous.head.size;
  if ((shrank && next.head.unix_seconds > previous.head.unix_seconds) ||
      (grew && next.head.unix_seconds < previous.head.unix_seconds)) {
    return absl::DataLossError(absl::StrCat("The board went back: it had ", previous.head.size,
                                            " entries at ", previous.head.unix_seconds, " and ",
                                            next.head.size, " entries at ", next.head.unix_seconds,
                                            " (Unix seconds)."));
  }
  return absl::OkStatus();
}

absl::Status CheckContinues(const merkle::SignedHead& previous, const merkle::SignedHead& next,
                            absl::Span<const merkle::Hash> proof, absl::string_view board_key) {
  RETURN_IF_ERROR(CheckHead(next, previous.head.log_id, board_key));
  RETURN_IF_ERROR(CheckOrder(previous, next));
  const bool is_older = next.head.size < previous.head.size;
  const merkle::Head& small = is_older ? next.head : previous.head;
  const merkle::Head& large = is_older ? previous.head : next.head;
  if (!merkle::VerifyConsistency(small.size, small.root, large.size, large.root, proof)) {
    return absl::DataLossError(absl::StrCat("The board of ", large.size,
                                            " entries does not continue the board of ", small.size,
                                            " entries."));
  }
  return absl::OkStatus();
}

}  // namespace veche::polling::protocol
