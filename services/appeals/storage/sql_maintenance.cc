#include "services/appeals/storage/sql_maintenance.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/geo/cell.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/sql_rows.h"
#include "services/appeals/storage/sql_statement.h"

namespace veche::appeals {
namespace {

constexpr size_t kResidentsAtOnce = 256;

}  // namespace

absl::StatusOr<int64_t> DeleteUnattached(sql::Database& database, absl::Time before, int limit) {
  int64_t deleted = 0;
  RETURN_IF_ERROR(database.Write([&](sql::Transaction& transaction) -> absl::Status {
    // The outer condition is for one that is being attached meanwhile.
    ASSIGN_OR_RETURN(deleted,
                     transaction.Execute("DELETE FROM attachments WHERE appeal IS NULL AND id IN "
                                         "(SELECT id FROM attachments WHERE appeal IS NULL AND "
                                         "created_at < $1 ORDER BY created_at LIMIT $2)",
                                         ToMicros(before), limit));
    return absl::OkStatus();
  }));
  return deleted;
}

absl::StatusOr<int64_t> ComputeMapCells(sql::Database& database, int limit) {
  struct Place {
    int64_t ord, cell, map_cell;
  };
  std::vector<Place> places;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
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
  // In one order, so that two replicas that take the same rows do not wait for each other.
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.ord < b.ord; });
  RETURN_IF_ERROR(database.Write([&](sql::Transaction& transaction) -> absl::Status {
    for (const Place& place : places) {
      // The last condition is for an appeal that is moved meanwhile: the next round sees to it.
      RETURN_IF_ERROR(transaction
                          .Execute("UPDATE appeals SET map_cell = $1, map_cell_of = cell WHERE ord "
                                   "= $2 AND cell = $3",
                                   place.map_cell, place.ord, place.cell)
                          .status());
    }
    return absl::OkStatus();
  }));
  return std::ssize(places);
}

absl::StatusOr<absl::flat_hash_set<std::string>> FindNamedBlobs(
    sql::Database& database, absl::Span<const std::string> keys) {
  absl::flat_hash_set<std::string> named;
  if (keys.empty()) return named;
  Statement statement("SELECT DISTINCT blob FROM attachments");
  statement.AndIn("blob", PadToPowerOfTwo(std::vector<sql::Value>(keys.begin(), keys.end())));
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    named.clear();
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) named.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return named;
}

absl::StatusOr<absl::flat_hash_map<std::string, Ties>> GetTiesOf(
    sql::Database& database, absl::string_view appeal, absl::Span<const std::string> residents) {
  absl::flat_hash_map<std::string, Ties> ties;
  for (; !residents.empty();
       residents.remove_prefix(std::min(residents.size(), kResidentsAtOnce))) {
    const auto some = residents.subspan(0, kResidentsAtOnce);
    std::vector<sql::Value> names(some.begin(), some.end());
    Statement statement("SELECT resident, kind FROM ties");
    statement.And("appeal", "=", OrdOf(appeal))
        .AndIn("resident", PadToPowerOfTwo(std::move(names)));
    RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
      for (const sql::Row& row : rows) {
        Ties& of_resident = ties[row.Text(0)];
        const bool support = static_cast<TieKind>(row.Int(1)) == TieKind::kSupport;
        (support ? of_resident.supports : of_resident.follows) = true;
      }
      return absl::OkStatus();
    }));
  }
  return ties;
}

}  // namespace veche::appeals
