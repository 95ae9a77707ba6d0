#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::issuer {

// The migrations of the issuer; apply rpc::IdempotencyMigrations() first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::issuer
