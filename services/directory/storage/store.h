#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/sql/database.h"
#include "services/directory/domain/city.h"

namespace veche::directory {

// The reference data of a city. Each method is one step that must be atomic with what its caller
// does, so it runs in the caller's transaction; Version and Load accept a reading transaction.
// Errors are those of sql::Transaction. Thread-safe.
class Store {
 public:
  // The number of changes of the directory so far, those of entries included.
  absl::StatusOr<int64_t> Version(sql::Transaction& transaction);

  // The whole city as of the transaction, each list ordered by id.
  absl::StatusOr<City> Load(sql::Transaction& transaction);

  // Adds the rows of `update`, or replaces those with the same id; keeps all others. Increases the
  // version first, so concurrent imports wait for each other. FailedPrecondition when a category
  // names an unknown department. REQUIRES: CheckUpdate found no violation.
  absl::Status Import(sql::Transaction& transaction, const City& update);
};

// The migrations of directory; apply rpc::IdempotencyMigrations() first.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::directory
