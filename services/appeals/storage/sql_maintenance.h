#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/appeals/storage/store.h"

// SQL of the workers: bounded statements over many rows at once.

namespace veche::appeals {

// Deletes up to `limit` attachments uploaded before `before` that no appeal has; returns how many.
absl::StatusOr<int64_t> DeleteUnattached(sql::Database& database, absl::Time before, int limit);

// Computes the map_cell of up to `limit` appeals that the release before this one wrote; returns
// how many there were.
absl::StatusOr<int64_t> ComputeMapCells(sql::Database& database, int limit);

// Those of `keys` that some attachment names.
absl::StatusOr<absl::flat_hash_set<std::string>> FindNamedBlobs(sql::Database& database,
                                                                absl::Span<const std::string> keys);

// Ties of many residents with one appeal, by resident; who is not in it has none.
absl::StatusOr<absl::flat_hash_map<std::string, Ties>> GetTiesOf(
    sql::Database& database, absl::string_view appeal, absl::Span<const std::string> residents);

}  // namespace veche::appeals
