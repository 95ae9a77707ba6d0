#pragma once

#include "absl/time/time.h"

// Private to rpc.

namespace veche::rpc {

// How long an answer is given again under its Idempotency-Key. An older one counts as forgotten,
// whether it is pruned yet or not.
constexpr absl::Duration kAnswersKept = absl::Hours(48);

}  // namespace veche::rpc
