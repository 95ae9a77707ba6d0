#include "services/directory/calls/directory_calls.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/geo/point.h"
#include "services/directory/calls/convert.h"
#include "services/directory/calls/import_entries.h"
#include "services/directory/domain/errors.h"

namespace veche::directory {

namespace {

// The area of a box, in pieces, because the edges of an area are shorter than half a turn.
absl::StatusOr<geo::Boundary> AreaOf(const geo::Box& box) {
  constexpr int kPieces = 4;
  const double width = (box.east < box.west ? 360 : 0) + box.east - box.west;
  const auto position = [](double longitude, double latitude) {
    return absl::StrCat("[", longitude > 180 ? longitude - 360 : longitude, ",", latitude, "]");
  };
  std::vector<std::string> pieces;
  for (int i = 0; i < kPieces; ++i) {
    const double west = box.west + width * i / kPieces;
    const double east = box.west + width * (i + 1) / kPieces;
    pieces.push_back(absl::StrCat("[[", position(west, box.south), ",", position(east, box.south),
                                  ",", position(east, box.north), ",", position(west, box.north),
                                  ",", position(west, box.south), "]]"));
  }
  return geo::Boundary::Parse(
      absl::StrCat(R"({"type":"MultiPolygon","coordinates":[)", absl::StrJoin(pieces, ","), "]}"));
}

}  // namespace

absl::StatusOr<v1::ListDistrictsResponse> DirectoryCalls::ListDistricts(
    const rpc::Call& call, const v1::ListDistrictsRequest& request, Violations violations) {
  std::optional<geo::Boundary> area;
  if (!request.bbox().empty()) {
    if (const auto box = geo::ParseBox(request.bbox(), "bbox", violations)) {
      absl::StatusOr<geo::Boundary> parsed = AreaOf(*box);
      if (parsed.ok()) {
        area = *std::move(parsed);
      } else {
        violations.Add("bbox", "BOX_EMPTY");
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  const v1::ListDistrictsResponse& all =
      request.boundaries() ? snapshot->districts : snapshot->districts_without_boundaries;
  if (!area) return all;
  std::vector<int> inside;
  for (size_t i = 0; i < snapshot->areas.size(); ++i) {
    if (snapshot->areas[i].Overlaps(*area)) inside.push_back(snapshot->district_of_area[i]);
  }
  std::sort(inside.begin(), inside.end());
  v1::ListDistrictsResponse response;
  for (const int position : inside) *response.add_districts() = all.districts(position);
  return response;
}

absl::StatusOr<v1::District> DirectoryCalls::GetDistrict(const rpc::Call& call,
                                                         const v1::GetDistrictRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  auto found = snapshot->district_by_name.find(request.name());
  if (found == snapshot->district_by_name.end()) return DistrictNotFound(request.name());
  return snapshot->districts.districts(found->second);
}

absl::StatusOr<v1::District> DirectoryCalls::LocateDistrict(
    const rpc::Call& call, const v1::LocateDistrictRequest& request, Violations violations) {
  const auto point = geo::PointIn(request, "", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  const std::optional<size_t> area = point ? snapshot->index->Locate(*point) : std::nullopt;
  if (!area) return PointOutsideDistricts();
  int position = snapshot->district_of_area[*area];
  return request.omit_boundary() ? snapshot->districts_without_boundaries.districts(position)
                                 : snapshot->districts.districts(position);
}

absl::StatusOr<v1::ListDepartmentsResponse> DirectoryCalls::ListDepartments(
    const rpc::Call& call, const v1::ListDepartmentsRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  return snapshot->departments;
}

absl::StatusOr<v1::ListCategoriesResponse> DirectoryCalls::ListCategories(
    const rpc::Call& call, const v1::ListCategoriesRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  return snapshot->categories;
}

absl::StatusOr<v1::ImportDirectoryResponse> DirectoryCalls::ImportDirectory(
    const rpc::Call& call, const v1::ImportDirectoryRequest& request, Violations violations) {
  // Categories may name a department that another replica has just imported.
  RETURN_IF_ERROR(parts_.snapshots.Refresh());
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  City update = ToUpdate(request, violations);
  CheckUpdate(update, snapshot->known.departments, violations);
  const ImportedEntries entries = ReadEntries(request, update, *snapshot, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  v1::ImportDirectoryResponse response;
  response.set_districts(request.districts_size());
  response.set_departments(request.departments_size());
  response.set_categories(request.categories_size());
  response.set_organization_categories(request.organization_categories_size());
  response.set_organizations(request.organizations_size());
  response.set_e_services(request.e_services_size());
  if (snapshot->entries.organizations().entries.size() + entries.organizations.size() >
      kMostOrganizations) {
    return DirectoryFull();
  }
  const Edit edit{call.principal().name, parts_.clock.Now()};
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store_.Import(transaction, update));
    RETURN_IF_ERROR(parts_.entries.ApplyImport(transaction, entries.organizations, edit));
    RETURN_IF_ERROR(parts_.entries.ApplyImport(transaction, entries.e_services, edit));
    return call.Remember(transaction, response);
  }));
  // If this fails, the import is done all the same and the next periodic refresh shows it.
  parts_.snapshots.Refresh().IgnoreError();
  return response;
}

}  // namespace veche::directory
