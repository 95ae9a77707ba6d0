#include "services/directory/wire/organization_wire.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/hours_wire.h"

namespace veche::directory {
namespace {

template <typename Map>
Titles ToTitles(const Map& titles) {
  return Titles(titles.begin(), titles.end());
}

// The id in a reference to another resource, which may be empty.
std::string ReadReference(absl::string_view collection, const std::string& name,
                          const std::string& field, Violations& violations) {
  std::string id = IdOf(collection, name);
  if (id.empty() && !name.empty()) {
    violations.Add(field, {"NAME_FORM", {{"form", absl::StrCat(collection, "/…")}}});
  }
  return id;
}

// What all entries have.
template <typename Entry, typename Message>
void WriteEntry(absl::string_view collection, const Entry& entry, Message& wire) {
  wire.set_name(NameOf(collection, entry.id));
  wire.set_title(entry.title);
  wire.mutable_titles()->insert(entry.titles.begin(), entry.titles.end());
  wire.set_category(NameOf(kOrganizationCategories, entry.category));
  wire.set_description(entry.description);
  wire.mutable_descriptions()->insert(entry.descriptions.begin(), entry.descriptions.end());
  *wire.mutable_create_time() = api::ToTimestamp(entry.state.create_time);
  *wire.mutable_update_time() = api::ToTimestamp(entry.state.update_time);
  if (entry.state.delete_time) {
    *wire.mutable_delete_time() = api::ToTimestamp(*entry.state.delete_time);
  }
}

template <typename Entry, typename Message>
void ReadEntry(absl::string_view collection, const Message& wire, absl::string_view prefix,
               Entry& entry, Violations& violations) {
  entry.id = ReadReference(collection, wire.name(), absl::StrCat(prefix, "name"), violations);
  entry.title = wire.title();
  entry.titles = ToTitles(wire.titles());
  entry.category = ReadReference(kOrganizationCategories, wire.category(),
                                 absl::StrCat(prefix, "category"), violations);
  entry.description = wire.description();
  entry.descriptions = ToTitles(wire.descriptions());
}

}  // namespace

v1::Organization ToWire(const Organization& organization) {
  v1::Organization wire;
  WriteEntry(kOrganizations, organization, wire);
  for (const Phone& phone : organization.phones) {
    v1::Phone& out = *wire.add_phones();
    out.set_number(phone.number);
    out.set_purpose(phone.purpose);
  }
  for (const Email& email : organization.emails) {
    v1::Email& out = *wire.add_emails();
    out.set_address(email.address);
    out.set_purpose(email.purpose);
  }
  wire.set_website(organization.website);
  *wire.mutable_socials() = {organization.socials.begin(), organization.socials.end()};
  wire.set_address(organization.address);
  if (organization.location) {
    wire.mutable_location()->set_latitude(organization.location->latitude);
    wire.mutable_location()->set_longitude(organization.location->longitude);
  }
  if (organization.hours) *wire.mutable_hours() = ToWire(*organization.hours);
  for (const std::string& id : organization.districts) {
    wire.add_districts(NameOf(kDistricts, id));
  }
  wire.set_department(NameOf(kDepartments, organization.department));
  *wire.mutable_confirm_time() = api::ToTimestamp(organization.state.confirm_time);
  wire.set_attribution(organization.attribution);
  *wire.mutable_made_up_fields() = {organization.made_up_fields.begin(),
                                    organization.made_up_fields.end()};
  return wire;
}

v1::EService ToWire(const EService& service) {
  v1::EService wire;
  WriteEntry(kEServices, service, wire);
  wire.set_audience(service.audience);
  wire.set_link(service.link);
  wire.set_deep_link(service.deep_link);
  *wire.mutable_documents() = {service.documents.begin(), service.documents.end()};
  wire.set_organization(NameOf(kOrganizations, service.organization));
  return wire;
}

Organization FromWire(const v1::Organization& wire, absl::string_view prefix,
                      Violations& violations) {
  Organization organization;
  ReadEntry(kOrganizations, wire, prefix, organization, violations);
  for (const v1::Phone& phone : wire.phones()) {
    organization.phones.push_back({phone.number(), phone.purpose()});
  }
  for (const v1::Email& email : wire.emails()) {
    organization.emails.push_back({email.address(), email.purpose()});
  }
  organization.website = wire.website();
  organization.socials = {wire.socials().begin(), wire.socials().end()};
  organization.address = wire.address();
  organization.location =
      geo::PointIn(wire.location(), absl::StrCat(prefix, "location."), violations);
  if (wire.has_hours()) {
    organization.hours = FromWire(wire.hours(), absl::StrCat(prefix, "hours"), violations);
  }
  for (const std::string& name : wire.districts()) {
    const std::string field =
        absl::StrCat(prefix, "districts[", organization.districts.size(), "]");
    organization.districts.push_back(ReadReference(kDistricts, name, field, violations));
  }
  organization.department = ReadReference(kDepartments, wire.department(),
                                          absl::StrCat(prefix, "department"), violations);
  organization.attribution = wire.attribution();
  organization.made_up_fields = {wire.made_up_fields().begin(), wire.made_up_fields().end()};
  return organization;
}

EService FromWire(const v1::EService& wire, absl::string_view prefix, Violations& violations) {
  EService service;
  ReadEntry(kEServices, wire, prefix, service, violations);
  service.audience = wire.audience();
  service.link = wire.link();
  service.deep_link = wire.deep_link();
  service.documents = {wire.documents().begin(), wire.documents().end()};
  service.organization = ReadReference(kOrganizations, wire.organization(),
                                       absl::StrCat(prefix, "organization"), violations);
  return service;
}

}  // namespace veche::directory
