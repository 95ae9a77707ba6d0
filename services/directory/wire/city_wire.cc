#include "services/directory/wire/city_wire.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "services/directory/domain/names.h"

namespace veche::directory {
namespace {

template <typename Message>
void SetTitles(const Titles& titles, Message& message) {
  message.mutable_titles()->insert(titles.begin(), titles.end());
}

}  // namespace

absl::StatusOr<v1::District> ToWire(const District& district) {
  v1::District wire;
  wire.set_name(absl::StrCat("districts/", district.id));
  wire.set_title(district.title);
  SetTitles(district.titles, wire);
  wire.set_area_km2(district.area_km2);
  wire.mutable_label()->set_latitude(district.label.latitude);
  wire.mutable_label()->set_longitude(district.label.longitude);
  wire.set_attribution(district.attribution);
  if (district.population) wire.set_population(*district.population);
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

v1::OrganizationCategory ToWire(const OrganizationCategory& category) {
  v1::OrganizationCategory wire;
  wire.set_name(NameOf(kOrganizationCategories, category.id));
  wire.set_title(category.title);
  SetTitles(category.titles, wire);
  wire.set_map_layer(category.map_layer);
  return wire;
}

}  // namespace veche::directory
