#include "services/directory/calls/convert.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/geo/boundary.h"
#include "common/geo/point.h"
#include "google/protobuf/util/json_util.h"
#include "services/directory/domain/names.h"

namespace veche::directory {
namespace {

template <typename Map>
Titles ToTitles(const Map& titles) {
  return Titles(titles.begin(), titles.end());
}

District ToDistrict(const v1::District& wire, absl::string_view path, Violations& violations) {
  District district{
      .id = IdOf("districts", wire.name()),
      .title = wire.title(),
      .titles = ToTitles(wire.titles()),
      .area_km2 = wire.area_km2(),
      .label = {},
      .boundary = "",
      .attribution = wire.attribution(),
      .population = wire.has_population() ? std::optional(wire.population()) : std::nullopt};
  const auto label = geo::PointIn(wire.label(), absl::StrCat(path, ".label."), violations);
  absl::StatusOr<geo::Boundary> boundary = geo::Boundary::FromGeoJson(wire.boundary());
  if (!boundary.ok()) {
    const absl::Status& status = boundary.status();
    violations.Add(absl::StrCat(path, ".boundary"),
                   {"NOT_A_POLYGON",
                    {{"place", ErrorMetadataValue(status, "place")},
                     {"problem", ErrorMetadataValue(status, "problem")}}});
    return district;
  }
  if (!google::protobuf::util::MessageToJsonString(wire.boundary(), &district.boundary).ok()) {
    violations.Add(absl::StrCat(path, ".boundary"), "NOT_JSON");
  }
  if (!wire.has_area_km2()) district.area_km2 = boundary->AreaKm2();
  district.label = label ? *label : boundary->Label();
  return district;
}

Department ToDepartment(const v1::Department& wire) {
  return {.id = IdOf("departments", wire.name()),
          .title = wire.title(),
          .titles = ToTitles(wire.titles()),
          .kind = wire.kind(),
          .phones = {wire.phones().begin(), wire.phones().end()}};
}

Category ToCategory(const v1::Category& wire) {
  return {.id = IdOf("categories", wire.name()),
          .title = wire.title(),
          .titles = ToTitles(wire.titles()),
          .group = wire.group(),
          .group_title = wire.group_title(),
          .department = IdOf("departments", wire.department()),
          .response_hours = wire.response_hours(),
          .legal_profile = wire.legal_profile().empty() ? "none" : wire.legal_profile()};
}

OrganizationCategory ToOrganizationCategory(const v1::OrganizationCategory& wire) {
  return {.id = IdOf(kOrganizationCategories, wire.name()),
          .title = wire.title(),
          .titles = ToTitles(wire.titles()),
          .map_layer = wire.map_layer()};
}

}  // namespace

City ToUpdate(const v1::ImportDirectoryRequest& request, Violations& violations) {
  City city;
  for (int i = 0; i < request.districts_size(); ++i) {
    city.districts.push_back(
        ToDistrict(request.districts(i), absl::StrCat("districts[", i, "]"), violations));
  }
  for (const v1::Department& wire : request.departments()) {
    city.departments.push_back(ToDepartment(wire));
  }
  for (const v1::Category& wire : request.categories()) {
    city.categories.push_back(ToCategory(wire));
  }
  for (const v1::OrganizationCategory& wire : request.organization_categories()) {
    city.organization_categories.push_back(ToOrganizationCategory(wire));
  }
  return city;
}

}  // namespace veche::directory
