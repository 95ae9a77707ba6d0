#include "services/directory/calls/directory_calls.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/geo/point.h"
#include "services/directory/calls/convert.h"
#include "services/directory/domain/errors.h"

namespace veche::directory {

absl::StatusOr<std::shared_ptr<const Snapshot>> DirectoryCalls::Current() const {
  std::shared_ptr<const Snapshot> snapshot = snapshots_.Get();
  if (snapshot == nullptr) return DirectoryNotLoaded();
  return snapshot;
}

absl::StatusOr<v1::ListDistrictsResponse> DirectoryCalls::ListDistricts(
    const rpc::Call& call, const v1::ListDistrictsRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, Current());
  return request.boundaries() ? snapshot->districts : snapshot->districts_without_boundaries;
}

absl::StatusOr<v1::District> DirectoryCalls::GetDistrict(const rpc::Call& call,
                                                         const v1::GetDistrictRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, Current());
  auto found = snapshot->district_by_name.find(request.name());
  if (found == snapshot->district_by_name.end()) return DistrictNotFound(request.name());
  return snapshot->districts.districts(found->second);
}

absl::StatusOr<v1::District> DirectoryCalls::LocateDistrict(
    const rpc::Call& call, const v1::LocateDistrictRequest& request, Violations violations) {
  const auto point = geo::PointIn(request, "", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(auto snapshot, Current());
  const std::optional<size_t> area = point ? snapshot->index->Locate(*point) : std::nullopt;
  if (!area) return PointOutsideDistricts();
  int position = snapshot->district_of_area[*area];
  return request.omit_boundary() ? snapshot->districts_without_boundaries.districts(position)
                                 : snapshot->districts.districts(position);
}

absl::StatusOr<v1::ListDepartmentsResponse> DirectoryCalls::ListDepartments(
    const rpc::Call& call, const v1::ListDepartmentsRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, Current());
  return snapshot->departments;
}

absl::StatusOr<v1::ListCategoriesResponse> DirectoryCalls::ListCategories(
    const rpc::Call& call, const v1::ListCategoriesRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, Current());
  return snapshot->categories;
}

absl::StatusOr<v1::ImportDirectoryResponse> DirectoryCalls::ImportDirectory(
    const rpc::Call& call, const v1::ImportDirectoryRequest& request, Violations violations) {
  // Categories may name a department that another replica has just imported.
  RETURN_IF_ERROR(snapshots_.Refresh());
  ASSIGN_OR_RETURN(auto snapshot, Current());
  City update = ToUpdate(request, violations);
  CheckUpdate(update, snapshot->department_ids, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  v1::ImportDirectoryResponse response;
  response.set_districts(request.districts_size());
  response.set_departments(request.departments_size());
  response.set_categories(request.categories_size());
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store_.Import(transaction, update));
    return call.Remember(transaction, response);
  }));
  // If this fails, the import is done all the same and the next periodic refresh shows it.
  snapshots_.Refresh().IgnoreError();
  return response;
}

}  // namespace veche::directory
