#pragma once

#include "absl/time/time.h"

// Private to rpc.

namespace veche::rpc {

// How long a stored answer is returned for its Idempotency-Key. An older answer is ignored, even
// before it is pruned.
constexpr absl::Duration kAnswersKept = absl::Hours(48);

}  // namespace veche::rpc
