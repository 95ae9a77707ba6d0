#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_editor.h"
#include "services/directory/calls/entry_parts.h"
#include "veche/directory/v1/organizations.pb.h"

namespace veche::directory {

// The RPCs of organizations.proto by which editors change organizations. Thread-safe.
class OrganizationEditCalls {
 public:
  explicit OrganizationEditCalls(const EntryParts& parts) : parts_(parts), editor_(parts) {}

  absl::StatusOr<v1::Organization> CreateOrganization(const rpc::Call& call,
                                                      const v1::CreateOrganizationRequest& request,
                                                      Violations violations = {});
  absl::StatusOr<v1::Organization> UpdateOrganization(const rpc::Call& call,
                                                      const v1::UpdateOrganizationRequest& request,
                                                      Violations violations = {});
  absl::StatusOr<v1::Organization> DeleteOrganization(const rpc::Call& call,
                                                      const v1::DeleteOrganizationRequest& request);
  absl::StatusOr<v1::Organization> UndeleteOrganization(
      const rpc::Call& call, const v1::UndeleteOrganizationRequest& request);
  absl::StatusOr<v1::Organization> ConfirmOrganization(
      const rpc::Call& call, const v1::ConfirmOrganizationRequest& request);
  absl::StatusOr<v1::ListOrganizationChangesResponse> ListOrganizationChanges(
      const rpc::Call& call, const v1::ListOrganizationChangesRequest& request,
      Violations violations = {});

 private:
  const EntryParts parts_;
  EntryEditor<Organization> editor_;
};

}  // namespace veche::directory
