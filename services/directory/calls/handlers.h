#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/storage/store.h"
#include "services/directory/workers/snapshot.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// What each RPC does; directory.proto documents them. Thread-safe.
class Handlers {
 public:
  // Both must outlive it.
  Handlers(Store& store, SnapshotSource& snapshots) : store_(store), snapshots_(snapshots) {}

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
  absl::StatusOr<std::shared_ptr<const Snapshot>> Current() const;

  Store& store_;
  SnapshotSource& snapshots_;
};

}  // namespace veche::directory
