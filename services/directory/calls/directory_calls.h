#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_parts.h"
#include "services/directory/storage/store.h"
#include "veche/directory/v1/directory.pb.h"

namespace veche::directory {

// The RPCs of directory.proto about districts, departments and categories. Thread-safe.
class DirectoryCalls {
 public:
  // All must outlive the object.
  DirectoryCalls(Store& store, const EntryParts& parts) : store_(store), parts_(parts) {}

  absl::StatusOr<v1::ListDistrictsResponse> ListDistricts(const rpc::Call& call,
                                                          const v1::ListDistrictsRequest& request,
                                                          Violations violations = {});
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
  Store& store_;
  const EntryParts parts_;
};

}  // namespace veche::directory
