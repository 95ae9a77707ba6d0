#pragma once

#include <memory>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/geo/district_index.h"
#include "common/observe/telemetry.h"
#include "services/directory/storage/store.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The city as of one import, in the form in which it is asked for. Immutable.
struct Snapshot {
  int64_t version = 0;
  v1::ListDistrictsResponse districts;  // by title, with boundaries
  v1::ListDistrictsResponse districts_without_boundaries;
  v1::ListDepartmentsResponse departments;                 // by title
  v1::ListCategoriesResponse categories;                   // by group, then title
  absl::flat_hash_map<std::string, int> district_by_name;  // position in `districts`
  absl::flat_hash_set<std::string> department_ids;
  std::unique_ptr<const geo::DistrictIndex> index;  // areas by district id
  std::vector<int> district_of_area;                // position in `districts`

  static absl::StatusOr<std::shared_ptr<const Snapshot>> Build(const City& city);
};

// Keeps the newest snapshot at hand, so that reading the directory touches no database. Imports
// through other replicas are seen within the refresh period. Thread-safe.
class SnapshotSource {
 public:
  // Both must outlive it.
  SnapshotSource(Store& store, observe::Telemetry telemetry)
      : store_(store), telemetry_(std::move(telemetry)) {}
  ~SnapshotSource() { Stop(); }

  // The newest one that this process has seen; null before the first Refresh that was OK.
  std::shared_ptr<const Snapshot> Get() const;

  // Loads the city if the store has a newer version.
  absl::Status Refresh();

  // Refreshes every `period` on a thread of its own, until Stop.
  void Start(absl::Duration period);
  void Stop();

 private:
  Store& store_;
  const observe::Telemetry telemetry_;
  absl::Mutex refreshing_;  // one load at a time
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace veche::directory
