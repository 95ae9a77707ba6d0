#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/geo/district_index.h"
#include "common/sql/database.h"
#include "services/directory/storage/store.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The city as of one import, as the messages that clients ask for. Immutable.
struct Snapshot {
  int64_t version = 0;                  // of the city
  v1::ListDistrictsResponse districts;  // by title, with boundaries
  v1::ListDistrictsResponse districts_without_boundaries;
  v1::ListDepartmentsResponse departments;                 // by title
  v1::ListCategoriesResponse categories;                   // by group, then title
  absl::flat_hash_map<std::string, int> district_by_name;  // index in `districts`
  absl::flat_hash_set<std::string> department_ids;
  std::unique_ptr<const geo::DistrictIndex> index;  // areas by district id
  std::vector<int> district_of_area;                // index in `districts`

  // Internal or InvalidArgument when a stored boundary cannot be read.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Build(const City& city);
};

// Holds the newest snapshot in memory, so that calls that read the directory do not touch the
// database. Thread-safe.
class SnapshotSource {
 public:
  // Both must outlive the source.
  SnapshotSource(sql::Database& database, Store& store) : database_(database), store_(store) {}

  // The snapshot of the last Refresh that loaded one; null before the first.
  std::shared_ptr<const Snapshot> Get() const;

  // Loads the city if its version in the database differs from the snapshot's. Call it after an
  // import, and periodically to see the imports of other replicas. Errors are those of the database
  // and of Snapshot::Build; the former snapshot then stays.
  absl::Status Refresh();

 private:
  sql::Database& database_;
  Store& store_;
  absl::Mutex refreshing_;  // one load at a time
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::directory
