#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::classification {

// The migrations of classification; apply rpc::IdempotencyMigrations() and events::Migrations()
// first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::classification
