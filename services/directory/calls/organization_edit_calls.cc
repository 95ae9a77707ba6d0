#include "services/directory/calls/organization_edit_calls.h"

#include <utility>

#include "services/directory/calls/entry_history.h"

namespace veche::directory {

absl::StatusOr<v1::Organization> OrganizationEditCalls::CreateOrganization(
    const rpc::Call& call, const v1::CreateOrganizationRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  if (snapshot->entries.organizations().entries.size() >= kMostOrganizations)
    return DirectoryFull();
  return editor_.Create(call, request.organization(), std::move(violations));
}

absl::StatusOr<v1::Organization> OrganizationEditCalls::UpdateOrganization(
    const rpc::Call& call, const v1::UpdateOrganizationRequest& request,
    // A handler takes its violations by value.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    Violations violations) {
  return editor_.Update(call, request.organization(), request.update_mask(), request.etag(),
                        violations);
}

absl::StatusOr<v1::Organization> OrganizationEditCalls::DeleteOrganization(
    const rpc::Call& call, const v1::DeleteOrganizationRequest& request) {
  return editor_.Delete(call, request.name(), request.etag());
}

absl::StatusOr<v1::Organization> OrganizationEditCalls::UndeleteOrganization(
    const rpc::Call& call, const v1::UndeleteOrganizationRequest& request) {
  return editor_.Undelete(call, request.name());
}

absl::StatusOr<v1::Organization> OrganizationEditCalls::ConfirmOrganization(
    const rpc::Call& call, const v1::ConfirmOrganizationRequest& request) {
  return editor_.Confirm(call, request.name(), request.etag());
}

absl::StatusOr<v1::ListOrganizationChangesResponse> OrganizationEditCalls::ListOrganizationChanges(
    const rpc::Call&, const v1::ListOrganizationChangesRequest& request, Violations violations) {
  return ListHistory<v1::ListOrganizationChangesResponse>(parts_, request, request.parent(),
                                                          std::move(violations));
}

}  // namespace veche::directory
