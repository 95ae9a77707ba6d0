#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_parts.h"
#include "veche/directory/v1/organizations.pb.h"

namespace veche::directory {

// The reading RPCs of organizations.proto, from memory. Thread-safe.
class OrganizationCalls {
 public:
  explicit OrganizationCalls(const EntryParts& parts) : parts_(parts) {}

  absl::StatusOr<v1::ListOrganizationsResponse> ListOrganizations(
      const rpc::Call& call, const v1::ListOrganizationsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::Organization> GetOrganization(const rpc::Call& call,
                                                   const v1::GetOrganizationRequest& request);
  absl::StatusOr<v1::ReviewOrganizationsResponse> ReviewOrganizations(
      const rpc::Call& call, const v1::ReviewOrganizationsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::ListOrganizationCategoriesResponse> ListOrganizationCategories(
      const rpc::Call& call, const v1::ListOrganizationCategoriesRequest& request);
  absl::StatusOr<v1::ListMapLayersResponse> ListMapLayers(const rpc::Call& call,
                                                          const v1::ListMapLayersRequest& request);
  absl::StatusOr<v1::MapLayerFeatures> GetMapLayer(const rpc::Call& call,
                                                   const v1::GetMapLayerRequest& request);

 private:
  const EntryParts parts_;
};

}  // namespace veche::directory
