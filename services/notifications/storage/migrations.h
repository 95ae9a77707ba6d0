#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::notifications {

// The tables, from migrations/; those of rpc's idempotency and of events come before them.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::notifications
