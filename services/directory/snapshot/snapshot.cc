#include "services/directory/snapshot/snapshot.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/geo/boundary.h"
#include "services/directory/snapshot/to_wire.h"

namespace veche::directory {
namespace {

// Rows with equal titles are ordered by name.
template <typename Rows>
void SortByTitle(Rows& rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.title(), a.name()) < std::tie(b.title(), b.name());
  });
}

absl::Status AddDistricts(const City& city, Snapshot& snapshot) {
  std::vector<geo::Boundary> areas;
  for (const District& district : city.districts) {
    ASSIGN_OR_RETURN(geo::Boundary boundary, geo::Boundary::Parse(district.boundary));
    areas.push_back(std::move(boundary));
    ASSIGN_OR_RETURN(*snapshot.districts.add_districts(), ToWire(district));
  }
  snapshot.index = std::make_unique<geo::DistrictIndex>(std::move(areas));
  SortByTitle(*snapshot.districts.mutable_districts());
  for (int i = 0; i < snapshot.districts.districts_size(); ++i) {
    snapshot.district_by_name[snapshot.districts.districts(i).name()] = i;
  }
  for (const District& district : city.districts) {
    snapshot.district_of_area.push_back(snapshot.district_by_name["districts/" + district.id]);
  }
  snapshot.districts_without_boundaries = snapshot.districts;
  for (v1::District& district : *snapshot.districts_without_boundaries.mutable_districts()) {
    district.clear_boundary();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Build(const City& city) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->version = city.version;
  RETURN_IF_ERROR(AddDistricts(city, *snapshot));
  for (const Department& department : city.departments) {
    *snapshot->departments.add_departments() = ToWire(department);
    snapshot->department_ids.insert(department.id);
  }
  SortByTitle(*snapshot->departments.mutable_departments());
  for (const Category& category : city.categories) {
    *snapshot->categories.add_categories() = ToWire(category);
  }
  auto& categories = *snapshot->categories.mutable_categories();
  std::sort(categories.begin(), categories.end(), [](const v1::Category& a, const v1::Category& b) {
    return std::tie(a.group_title(), a.group(), a.title(), a.name()) <
           std::tie(b.group_title(), b.group(), b.title(), b.name());
  });
  return snapshot;
}

std::shared_ptr<const Snapshot> SnapshotSource::Get() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

absl::Status SnapshotSource::Refresh() {
  absl::MutexLock one_at_a_time(&refreshing_);
  const std::shared_ptr<const Snapshot> old = Get();
  std::optional<City> city;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    city.reset();
    ASSIGN_OR_RETURN(const int64_t version, store_.Version(transaction));
    if (old != nullptr && version == old->version) return absl::OkStatus();
    ASSIGN_OR_RETURN(city, store_.Load(transaction));
    return absl::OkStatus();
  }));
  if (!city) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto snapshot, Snapshot::Build(*city));
  absl::MutexLock lock(&mutex_);
  snapshot_ = std::move(snapshot);
  return absl::OkStatus();
}

}  // namespace veche::directory
