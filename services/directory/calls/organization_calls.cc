#include "services/directory/calls/organization_calls.h"

#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "services/directory/calls/entry_view.h"
#include "services/directory/calls/organization_query.h"
#include "services/directory/domain/errors.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {
namespace {

constexpr int kMostFeatures = 20'000;

// A page of what was found, of which there is one more than a page holds when it is not the last.
template <typename Response>
Response ToPage(const std::vector<FoundOrganization>& found, const api::Page& page,
                const LinkOptions& links, OpenClock& clock) {
  Response response;
  api::PageBudget budget;
  for (const FoundOrganization& one : found) {
    if (response.organizations_size() == page.size()) break;
    v1::Organization view =
        ViewOf(one.entry->data, one.entry->district, one.distance_meters, links, clock);
    if (!budget.Fits(view)) break;
    *response.add_organizations() = std::move(view);
  }
  const auto shown = static_cast<size_t>(response.organizations_size());
  if (shown < found.size()) {
    response.set_next_page_token(page.TokenAfter(found[shown - 1].place().Format()));
  }
  return response;
}

v1::MapFeature ToFeature(const Organization& organization) {
  v1::Organization wire = ToWire(organization);
  v1::MapFeature feature;
  feature.set_type("Feature");
  feature.set_id(wire.name());
  feature.mutable_geometry()->set_type("Point");
  feature.mutable_geometry()->add_coordinates(organization.location->longitude);
  feature.mutable_geometry()->add_coordinates(organization.location->latitude);
  v1::MapProperties& properties = *feature.mutable_properties();
  properties.set_title(wire.title());
  properties.mutable_titles()->swap(*wire.mutable_titles());
  properties.set_address(wire.address());
  if (wire.has_hours()) *properties.mutable_hours() = wire.hours();
  properties.set_attribution(wire.attribution());
  return feature;
}

}  // namespace

absl::StatusOr<v1::ListOrganizationsResponse> OrganizationCalls::ListOrganizations(
    const rpc::Call&, const v1::ListOrganizationsRequest& request, Violations violations) {
  const OrganizationFilter filter = ToFilter(request, violations);
  const api::Page page(request, "", violations);
  const std::optional<ListPlace> after = PlaceOf(page, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  OpenClock clock(parts_.calendar, parts_.clock.Now());
  const std::vector<FoundOrganization> found = directory::ListOrganizations(
      snapshot->entries, filter, after, static_cast<size_t>(page.size()) + 1, clock);
  return ToPage<v1::ListOrganizationsResponse>(found, page, parts_.links, clock);
}

absl::StatusOr<v1::Organization> OrganizationCalls::GetOrganization(
    const rpc::Call&, const v1::GetOrganizationRequest& request) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  const ListedOrganization* entry =
      snapshot->entries.organizations().Find(IdOf(kOrganizations, request.name()));
  if (entry == nullptr || entry->data.state.delete_time) {
    return OrganizationNotFound(request.name());
  }
  OpenClock clock(parts_.calendar, parts_.clock.Now());
  return ViewOf(entry->data, entry->district, std::nullopt, parts_.links, clock);
}

absl::StatusOr<v1::ReviewOrganizationsResponse> OrganizationCalls::ReviewOrganizations(
    const rpc::Call&, const v1::ReviewOrganizationsRequest& request, Violations violations) {
  const api::Page page(request, "", violations);
  const std::optional<ListPlace> after = PlaceOf(page, violations);
  if (!v1::ReviewOrganizationsRequest::Reason_IsValid(request.reason())) {
    violations.Add("reason", "UNKNOWN_VALUE");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  const absl::Time now = parts_.clock.Now();
  const Review review = request.reason() == v1::ReviewOrganizationsRequest::DELETED
                            ? Review::kDeleted
                            : Review::kStale;
  OpenClock clock(parts_.calendar, now);
  const std::vector<FoundOrganization> found = directory::ReviewOrganizations(
      snapshot->entries, review, after, static_cast<size_t>(page.size()) + 1, now);
  return ToPage<v1::ReviewOrganizationsResponse>(found, page, parts_.links, clock);
}

absl::StatusOr<v1::ListOrganizationCategoriesResponse>
OrganizationCalls::ListOrganizationCategories(const rpc::Call&,
                                              const v1::ListOrganizationCategoriesRequest&) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  return snapshot->organization_categories;
}

absl::StatusOr<v1::ListMapLayersResponse> OrganizationCalls::ListMapLayers(
    const rpc::Call&, const v1::ListMapLayersRequest&) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  return snapshot->map_layers;
}

absl::StatusOr<v1::MapLayerFeatures> OrganizationCalls::GetMapLayer(
    const rpc::Call&, const v1::GetMapLayerRequest& request) {
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  const bool known =
      absl::c_any_of(snapshot->map_layers.map_layers(),
                     [&](const v1::MapLayer& layer) { return layer.name() == request.name(); });
  if (!known) return MapLayerNotFound(request.name());
  const std::string category = IdOf(kMapLayers, request.name());
  v1::MapLayerFeatures features;
  features.set_type("FeatureCollection");
  for (const auto& entry : snapshot->entries.organizations().entries) {
    const Organization& organization = entry->data;
    if (organization.category != category || !organization.location ||
        organization.state.delete_time) {
      continue;
    }
    if (features.features_size() == kMostFeatures) break;
    *features.add_features() = ToFeature(organization);
  }
  return features;
}

}  // namespace veche::directory
