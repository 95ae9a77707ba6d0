#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::notifications {

// The migrations of notifications; apply rpc::IdempotencyMigrations() and events::Migrations()
// first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::notifications
