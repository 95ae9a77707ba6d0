#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/geo/boundary.h"
#include "common/geo/district_index.h"
#include "common/sql/database.h"
#include "services/directory/domain/organization.h"
#include "services/directory/snapshot/entries.h"
#include "services/directory/storage/entry_store.h"
#include "services/directory/storage/store.h"
#include "veche/directory/v1/directory.pb.h"
#include "veche/directory/v1/organizations.pb.h"

namespace veche::directory {

// The directory as of one version: reference data as the messages that clients ask for, and the
// entries. Immutable.
struct Snapshot {
  int64_t version = 0;
  // The version in which districts, departments and categories last changed. Departments have data
  // of organizations, so a change of an organization may be one.
  int64_t reference_version = 0;
  int64_t changes_from = 0;             // changes since an earlier version cannot be told
  v1::ListDistrictsResponse districts;  // by title, with boundaries
  v1::ListDistrictsResponse districts_without_boundaries;
  v1::ListDepartmentsResponse departments;                         // by title
  v1::ListCategoriesResponse categories;                           // by group, then title
  v1::ListOrganizationCategoriesResponse organization_categories;  // by title
  v1::ListMapLayersResponse map_layers;                            // by title
  absl::flat_hash_map<std::string, int> district_by_name;          // index in `districts`
  std::shared_ptr<const geo::DistrictIndex> index;                 // areas by district id
  std::vector<geo::Boundary> areas;                                // as in `index`
  std::vector<int> district_of_area;                               // index in `districts`
  std::vector<std::string> boundaries;                             // GeoJSON of the areas
  KnownIds known;                                                  // without organizations
  Entries entries;

  // `former` with the changes since its version; null at first. Internal or InvalidArgument when a
  // stored boundary cannot be read.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Build(const City& city,
                                                               ChangedEntries changed,
                                                               const Snapshot* former);

  // The id of the district of a point; "" for none.
  std::string DistrictOf(const geo::LatLng& point) const;
};

// Holds the newest snapshot in memory, so that calls that read the directory do not touch the
// database. Thread-safe.
class SnapshotSource {
 public:
  // All must outlive the source. `on_change` is called, outside any lock, after each Refresh that
  // loaded another version.
  SnapshotSource(sql::Database& database, Store& store, EntryStore& entries,
                 std::function<void()> on_change = nullptr)
      : database_(database), store_(store), entries_(entries), on_change_(std::move(on_change)) {}

  // The snapshot of the last Refresh that loaded one; null before the first.
  std::shared_ptr<const Snapshot> Get() const;
  // The same; Unavailable (DIRECTORY_NOT_LOADED) before the first.
  absl::StatusOr<std::shared_ptr<const Snapshot>> Current() const;

  // Loads the city and the changed entries if the version in the database differs from the
  // snapshot's. Call it after a change, and periodically to see those of other replicas. Errors are
  // those of the database and of Snapshot::Build; the former snapshot then stays.
  absl::Status Refresh();

 private:
  // Whether another version was loaded.
  absl::StatusOr<bool> Load();

  sql::Database& database_;
  Store& store_;
  EntryStore& entries_;
  const std::function<void()> on_change_;
  absl::Mutex refreshing_;  // one load at a time
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::directory
