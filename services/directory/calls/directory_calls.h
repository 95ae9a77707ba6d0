#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/directory/snapshot/snapshot.h"
#include "services/directory/storage/store.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The RPCs of directory.proto as blocking functions. Thread-safe.
class DirectoryCalls {
 public:
  // All must outlive the object.
  DirectoryCalls(sql::Database& database, Store& store, SnapshotSource& snapshots)
      : database_(database), store_(store), snapshots_(snapshots) {}

  absl::StatusOr<v1::ListDistrictsResponse> ListDistricts(const rpc::Call& call,
                                                          const v1::ListDistrictsRequest& request);
  absl::StatusOr<v1::District> GetDistrict(const rpc::Call& call,
                                           const v1::GetDistrictRequest& request);
  absl::StatusOr<v1::District> LocateDistrict(const rpc::Call& call,
                                              const v1::LocateDistrictRequest& request,
                                              Violations violations = {});
  absl::StatusOr<v1::ListDepartmentsResponse> ListDepartments(
      const rpc::Call& call, const v1::ListDepartmentsRequest& request);
  absl::StatusOr<v1::ListCategoriesResponse> ListCategories(
      const rpc::Call& call, const v1::ListCategoriesRequest& request);
  absl::StatusOr<v1::ImportDirectoryResponse> ImportDirectory(
      const rpc::Call& call, const v1::ImportDirectoryRequest& request, Violations violations = {});

 private:
  // Unavailable (DIRECTORY_NOT_LOADED) before the first snapshot.
  absl::StatusOr<std::shared_ptr<const Snapshot>> Current() const;

  sql::Database& database_;
  Store& store_;
  SnapshotSource& snapshots_;
};

}  // namespace veche::directory
