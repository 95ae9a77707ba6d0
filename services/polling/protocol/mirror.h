#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/merkle/signed_head.h"
#include "common/merkle/tree.h"

// What a mirror of a board checks: it keeps the last head that it saw, and compares each new one.

namespace veche::polling::protocol {

// `proof` is the consistency proof between the two sizes. InvalidArgument when `next` is not a head
// of this log signed by `board_key` (Ed25519, 32 bytes). Otherwise as CheckOrder, and DataLoss when
// the larger of the two trees does not continue the smaller one: with the right proof, the two
// heads prove that the board was changed. REQUIRES: `previous` was checked before.
absl::Status CheckContinues(const merkle::SignedHead& previous, const merkle::SignedHead& next,
                            absl::Span<const merkle::Hash> proof, absl::string_view board_key);

// DataLoss when the tree of the later head is smaller, which needs no further proof. A smaller tree
// of the same time or an earlier one is OK: a cache may have kept its head. REQUIRES: CheckHead of
// both is OK.
absl::Status CheckOrder(const merkle::SignedHead& previous, const merkle::SignedHead& next);

// InvalidArgument unless `head` is a head of the poll signed by `board_key`.
absl::Status CheckHead(const merkle::SignedHead& head, absl::string_view poll,
                       absl::string_view board_key);

}  // namespace veche::polling::protocol
