#include "services/directory/calls/organization_query.h"

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/directory/domain/names.h"

namespace veche::directory {
namespace {

constexpr size_t kMostQueryBytes = 400;

std::optional<geo::LatLng> ReadNear(absl::string_view text, Violations& violations) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  geo::LatLng point;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &point.latitude) ||
      !absl::SimpleAtod(parts[1], &point.longitude) || !geo::IsValid(point)) {
    violations.Add("near", "NEAR_FORM");
    return std::nullopt;
  }
  return point;
}

void ReadPlace(const v1::ListOrganizationsRequest& request, OrganizationFilter& filter,
               Violations& violations) {
  if (!request.near().empty()) filter.near = ReadNear(request.near(), violations);
  if (!request.bbox().empty()) filter.box = geo::ParseBox(request.bbox(), "bbox", violations);
  if (!request.has_radius_meters()) return;
  if (request.near().empty()) {
    violations.Add("radiusMeters", "RADIUS_WITHOUT_NEAR");
  } else if (!std::isfinite(request.radius_meters()) || request.radius_meters() < 0) {
    violations.Add("radiusMeters", "NEGATIVE");
  }
  filter.radius_meters = request.radius_meters();
}

void ReadOrder(const v1::ListOrganizationsRequest& request, OrganizationFilter& filter,
               Violations& violations) {
  using Order = OrganizationFilter::Order;
  const std::string& order = request.order_by();
  if (order == "title") {
    filter.order = Order::kTitle;
  } else if (order == "distance") {
    filter.order = Order::kNearest;
    if (request.near().empty()) violations.Add("near", "REQUIRED");
  } else if (order == "createTime desc") {
    filter.order = Order::kNewest;
  } else if (!order.empty()) {
    violations.Add("orderBy", "ORGANIZATION_ORDER");
  } else if (!request.q().empty()) {
    filter.order = Order::kBestMatch;
  } else if (!request.near().empty()) {
    filter.order = Order::kNearest;
  }
}

}  // namespace

OrganizationFilter ToFilter(const v1::ListOrganizationsRequest& request, Violations& violations) {
  OrganizationFilter filter;
  CheckQuery(request.q(), violations);
  filter.q = request.q();
  filter.category =
      ReadFilterName(kOrganizationCategories, request.category(), "category", violations);
  filter.district = ReadFilterName(kDistricts, request.district(), "district", violations);
  if (request.has_open_now()) filter.open_now = request.open_now();
  ReadPlace(request, filter, violations);
  ReadOrder(request, filter, violations);
  return filter;
}

std::string ReadFilterName(absl::string_view collection, absl::string_view name,
                           absl::string_view field, Violations& violations) {
  std::string id = IdOf(collection, name);
  if (id.empty() && !name.empty()) {
    violations.Add(field, {"NAME_FORM", {{"form", absl::StrCat(collection, "/…")}}});
  }
  return id;
}

void CheckQuery(absl::string_view q, Violations& violations) {
  if (q.size() > kMostQueryBytes) {
    violations.Add("q", {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMostQueryBytes)}}});
  }
}

std::optional<ListPlace> PlaceOf(const api::Page& page, Violations& violations) {
  const std::string place = page.Place(
      [](absl::string_view text) { return ListPlace::Parse(text).has_value(); }, violations);
  return ListPlace::Parse(place);
}

}  // namespace veche::directory
