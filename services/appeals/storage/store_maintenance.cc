#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/geo/cell.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// The deletions and repairs of maintenance: bounded statements over many rows at once.

namespace veche::appeals {

absl::StatusOr<int64_t> Store::DeleteUnattached(absl::Time before, int limit) {
  int64_t deleted = 0;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    // The outer condition excludes an upload that is being attached at the same time.
    ASSIGN_OR_RETURN(deleted,
                     transaction.Execute("DELETE FROM attachments WHERE appeal IS NULL AND id IN "
                                         "(SELECT id FROM attachments WHERE appeal IS NULL AND "
                                         "created_at < $1 ORDER BY created_at LIMIT $2)",
                                         ToMicros(before), limit));
    return absl::OkStatus();
  }));
  return deleted;
}

absl::StatusOr<int64_t> Store::ComputeMapCells(int limit) {
  struct Place {
    int64_t key, cell, map_cell;
  };
  std::vector<Place> places;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    places.clear();
    ASSIGN_OR_RETURN(auto rows,
                     transaction.Query("SELECT a.ord, a.cell, a.latitude, a.longitude FROM appeals "
                                       "a WHERE a.cell IS NOT NULL AND (a.map_cell_of IS NULL OR "
                                       "a.map_cell_of <> a.cell) LIMIT $1",
                                       limit));
    for (const sql::Row& row : rows) {
      places.push_back({row.Int(0), row.Int(1),
                        geo::CellId({.latitude = row.Double(2), .longitude = row.Double(3)})});
    }
    return absl::OkStatus();
  }));
  if (places.empty()) return 0;
  // Always in one order, so that two replicas that lock the same rows do not wait for each other.
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.key < b.key; });
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    for (const Place& place : places) {
      // The last condition excludes an appeal that is moved at the same time: the next round
      // computes it.
      RETURN_IF_ERROR(transaction
                          .Execute("UPDATE appeals SET map_cell = $1, map_cell_of = cell WHERE ord "
                                   "= $2 AND cell = $3",
                                   place.map_cell, place.key, place.cell)
                          .status());
    }
    return absl::OkStatus();
  }));
  return std::ssize(places);
}

absl::StatusOr<absl::flat_hash_set<std::string>> Store::FindNamedBlobs(
    absl::Span<const std::string> keys) {
  absl::flat_hash_set<std::string> named;
  if (keys.empty()) return named;
  Statement statement("SELECT DISTINCT blob FROM attachments");
  statement.AndIn("blob", PadToPowerOfTwo(std::vector<sql::Value>(keys.begin(), keys.end())));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    named.clear();
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) named.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return named;
}

}  // namespace veche::appeals
