#include "services/directory/calls/convert.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/geo/boundary.h"
#include "google/protobuf/util/json_util.h"

namespace veche::directory {
namespace {

template <typename Map>
Titles ToTitles(const Map& titles) {
  return Titles(titles.begin(), titles.end());
}

template <typename Message>
void SetTitles(const Titles& titles, Message& message) {
  message.mutable_titles()->insert(titles.begin(), titles.end());
}

District ToDistrict(const v1::District& wire, absl::string_view path, Violations& violations) {
  District district{
      .id = IdOf("districts", wire.name()),
      .title = wire.title(),
      .titles = ToTitles(wire.titles()),
      .area_km2 = wire.area_km2(),
      .label = {.latitude = wire.label().latitude(), .longitude = wire.label().longitude()},
      .boundary = "",
      .attribution = wire.attribution()};
  absl::StatusOr<geo::Boundary> boundary = geo::Boundary::FromGeoJson(wire.boundary());
  if (!boundary.ok()) {
    const absl::Status& status = boundary.status();
    violations.Add(absl::StrCat(path, ".boundary"), status.message());
    return district;
  }
  if (!google::protobuf::util::MessageToJsonString(wire.boundary(), &district.boundary).ok()) {
    violations.Add(absl::StrCat(path, ".boundary"), "It is not JSON.");
  }
  if (wire.area_km2() == 0) district.area_km2 = boundary->AreaKm2();
  if (!wire.has_label()) district.label = boundary->Label();
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

}  // namespace

std::string IdOf(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return "";
  return IsValidId(name) ? std::string(name) : "";
}

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
  return city;
}

absl::StatusOr<v1::District> ToWire(const District& district) {
  v1::District wire;
  wire.set_name(absl::StrCat("districts/", district.id));
  wire.set_title(district.title);
  SetTitles(district.titles, wire);
  wire.set_area_km2(district.area_km2);
  wire.mutable_label()->set_latitude(district.label.latitude);
  wire.mutable_label()->set_longitude(district.label.longitude);
  wire.set_attribution(district.attribution);
  auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(district.boundary.data(), district.boundary.size()),
      wire.mutable_boundary());
  if (!parsed.ok()) return absl::InternalError("a stored boundary is not JSON");
  return wire;
}

v1::Department ToWire(const Department& department) {
  v1::Department wire;
  wire.set_name(absl::StrCat("departments/", department.id));
  wire.set_title(department.title);
  SetTitles(department.titles, wire);
  wire.set_kind(department.kind);
  for (const std::string& phone : department.phones) wire.add_phones(phone);
  return wire;
}

v1::Category ToWire(const Category& category) {
  v1::Category wire;
  wire.set_name(absl::StrCat("categories/", category.id));
  wire.set_title(category.title);
  SetTitles(category.titles, wire);
  wire.set_group(category.group);
  wire.set_group_title(category.group_title);
  wire.set_department(absl::StrCat("departments/", category.department));
  wire.set_response_hours(category.response_hours);
  wire.set_legal_profile(category.legal_profile);
  return wire;
}

}  // namespace veche::directory
