#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::polling {

// The migrations of polling; apply rpc::IdempotencyMigrations() first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::polling
