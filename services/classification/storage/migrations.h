#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::classification {

// The tables, from migrations/; rpc::IdempotencyMigrations() comes before them.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::classification
