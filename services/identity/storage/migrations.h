#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::identity {

// The migrations of identity; apply rpc::IdempotencyMigrations() first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::identity
