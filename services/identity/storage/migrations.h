#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::identity {

// The tables, from migrations/; rpc::IdempotencyMigrations() comes before them.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::identity
