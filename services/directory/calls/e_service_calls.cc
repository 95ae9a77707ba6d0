#include "services/directory/calls/e_service_calls.h"

#include <utility>
#include <vector>

#include "common/api/page.h"
#include "services/directory/calls/entry_history.h"
#include "services/directory/calls/organization_query.h"

namespace veche::directory {

absl::StatusOr<v1::ListEServicesResponse> EServiceCalls::ListEServices(
    const rpc::Call&, const v1::ListEServicesRequest& request, Violations violations) {
  CheckQuery(request.q(), violations);
  const std::string category =
      ReadFilterName(kOrganizationCategories, request.category(), "category", violations);
  const api::Page page(request, "", violations);
  const std::optional<ListPlace> after = PlaceOf(page, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  const std::vector<FoundEService> found = directory::ListEServices(
      snapshot->entries, request.q(), category, after, static_cast<size_t>(page.size()) + 1);
  v1::ListEServicesResponse response;
  api::PageBudget budget;
  for (const FoundEService& one : found) {
    v1::EService view = ViewOf(*one.entry);
    if (response.e_services_size() == page.size() || !budget.Fits(view)) {
      const auto last = static_cast<size_t>(response.e_services_size()) - 1;
      response.set_next_page_token(page.TokenAfter(found[last].place().Format()));
      break;
    }
    *response.add_e_services() = std::move(view);
  }
  return response;
}

absl::StatusOr<v1::EService> EServiceCalls::GetEService(const rpc::Call&,
                                                        const v1::GetEServiceRequest& request) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  const ListedEService* entry =
      snapshot->entries.e_services().Find(IdOf(kEServices, request.name()));
  if (entry == nullptr || entry->data.state.delete_time) return EServiceNotFound(request.name());
  return ViewOf(entry->data);
}

absl::StatusOr<v1::EService> EServiceCalls::CreateEService(const rpc::Call& call,
                                                           const v1::CreateEServiceRequest& request,
                                                           Violations violations) {
  return editor_.Create(call, request.e_service(), std::move(violations));
}

absl::StatusOr<v1::EService> EServiceCalls::UpdateEService(
    const rpc::Call& call, const v1::UpdateEServiceRequest& request,
    // A handler takes its violations by value.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    Violations violations) {
  return editor_.Update(call, request.e_service(), request.update_mask(), request.etag(),
                        violations);
}

absl::StatusOr<v1::EService> EServiceCalls::DeleteEService(
    const rpc::Call& call, const v1::DeleteEServiceRequest& request) {
  return editor_.Delete(call, request.name(), request.etag());
}

absl::StatusOr<v1::EService> EServiceCalls::UndeleteEService(
    const rpc::Call& call, const v1::UndeleteEServiceRequest& request) {
  return editor_.Undelete(call, request.name());
}

absl::StatusOr<v1::ListEServiceChangesResponse> EServiceCalls::ListEServiceChanges(
    const rpc::Call&, const v1::ListEServiceChangesRequest& request, Violations violations) {
  return ListHistory<v1::ListEServiceChangesResponse>(parts_, request, request.parent(),
                                                      std::move(violations));
}

}  // namespace veche::directory
