#pragma once

#include <vector>

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::service {

// What the database of a service has.
struct Schema {
  absl::Span<const EmbeddedFile> migrations = {};  // its own; those of idempotency are added
  // Whether there are the tables of common/events: for services that have an event log or follow
  // the log of another service.
  bool events = false;
};

// All migrations of a service's database.
std::vector<absl::Span<const EmbeddedFile>> MigrationsOf(const Schema& schema);

}  // namespace veche::service
