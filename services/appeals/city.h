#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/geo/district_index.h"
#include "common/observe/telemetry.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::appeals {

// What appeals need to know of the city at one moment. Immutable.
struct CitySnapshot {
  struct Category {
    std::string title;
    std::string department;  // "departments/{id}"
    int response_hours = 0;
    std::string legal_profile;
  };
  absl::flat_hash_map<std::string, Category> categories;   // by name
  absl::flat_hash_map<std::string, std::string> by_title;  // category title → name
  absl::flat_hash_set<std::string> departments;            // names
  absl::flat_hash_map<std::string, std::vector<std::string>> departments_by_kind;
  // Of appeals without a category; categories that leave them open have them already.
  int response_hours = 0;
  std::string legal_profile;
  absl::flat_hash_set<std::string> district_names;
  std::vector<std::string> districts;  // names of those with a boundary, as the index counts
  std::unique_ptr<geo::DistrictIndex> district_index;

  // "districts/{id}" that holds the point, "" when none does.
  std::string DistrictAt(const geo::LatLng& point) const;
  const Category* FindCategory(absl::string_view name) const;
};

// What holds where a category says nothing.
struct CityDefaults {
  std::string legal_profile = "ru-59fz";  // FindLegalProfile knows it
  int response_hours = 240;               // working hours; 0 for no limit
};

// Keeps a copy of the directory in this process, so that a submission asks nobody. It is read again
// every half minute, and until the first success every half second. Thread-safe.
class City {
 public:
  City(std::shared_ptr<grpc::Channel> directory, observe::Telemetry telemetry,
       CityDefaults defaults = {});
  ~City();  // stops

  void Start();
  void Stop();
  // Reads the directory now. Errors are the directory's; the last copy stays.
  absl::Status Refresh();
  // The last copy; null before the directory was first reached.
  std::shared_ptr<const CitySnapshot> Get() const;

 private:
  void Run();

  const std::unique_ptr<directory::v1::Directory::Stub> directory_;
  const observe::Telemetry telemetry_;
  const CityDefaults defaults_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const CitySnapshot> snapshot_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace veche::appeals
