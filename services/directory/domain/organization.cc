#include "services/directory/domain/organization.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/contact.h"
#include "services/directory/domain/field_checks.h"
#include "services/directory/domain/phone_number.h"

namespace veche::directory {
namespace {

constexpr size_t kMostContacts = 20;
constexpr size_t kMostDistricts = 200;
constexpr size_t kMostDocuments = 30;

// A field of an entry: its name as in JSON, and whether two entries have it alike.
template <typename Entry>
struct Field {
  absl::string_view name;
  bool (*same)(const Entry& a, const Entry& b);
};

template <typename Entry, auto kMember>
constexpr Field<Entry> FieldOf(absl::string_view name) {
  return {name, [](const Entry& a, const Entry& b) { return a.*kMember == b.*kMember; }};
}

template <auto kMember>
constexpr Field<Organization> OfOrganization(absl::string_view name) {
  return FieldOf<Organization, kMember>(name);
}

constexpr Field<Organization> kOrganizationFields[] = {
    OfOrganization<&Organization::title>("title"),
    OfOrganization<&Organization::titles>("titles"),
    OfOrganization<&Organization::category>("category"),
    OfOrganization<&Organization::description>("description"),
    OfOrganization<&Organization::descriptions>("descriptions"),
    OfOrganization<&Organization::phones>("phones"),
    OfOrganization<&Organization::emails>("emails"),
    OfOrganization<&Organization::website>("website"),
    OfOrganization<&Organization::socials>("socials"),
    OfOrganization<&Organization::address>("address"),
    OfOrganization<&Organization::location>("location"),
    OfOrganization<&Organization::hours>("hours"),
    OfOrganization<&Organization::districts>("districts"),
    OfOrganization<&Organization::department>("department"),
    OfOrganization<&Organization::attribution>("attribution"),
    OfOrganization<&Organization::made_up_fields>("madeUpFields"),
};

template <auto kMember>
constexpr Field<EService> OfEService(absl::string_view name) {
  return FieldOf<EService, kMember>(name);
}

constexpr Field<EService> kEServiceFields[] = {
    OfEService<&EService::title>("title"),
    OfEService<&EService::titles>("titles"),
    OfEService<&EService::category>("category"),
    OfEService<&EService::description>("description"),
    OfEService<&EService::descriptions>("descriptions"),
    OfEService<&EService::audience>("audience"),
    OfEService<&EService::link>("link"),
    OfEService<&EService::deep_link>("deepLink"),
    OfEService<&EService::documents>("documents"),
    OfEService<&EService::organization>("organization"),
};

template <typename Entry, size_t kSize>
std::vector<std::string> Changed(const Field<Entry> (&fields)[kSize], const Entry& before,
                                 const Entry& after) {
  std::vector<std::string> changed;
  for (const Field<Entry>& field : fields) {
    if (!field.same(before, after)) changed.emplace_back(field.name);
  }
  return changed;
}

// What all entries have.
template <typename Entry>
void CheckEntry(const Entry& entry, const KnownIds& known, const FieldChecks& checks) {
  if (!entry.id.empty()) checks.CheckId("name", entry.id);
  checks.CheckTitle("title", entry.title);
  checks.CheckTitles("titles", entry.titles);
  if (entry.category.empty()) {
    checks.Add("category", "REQUIRED");
  } else if (!known.categories.contains(entry.category)) {
    checks.Add("category", "NO_SUCH_ORGANIZATION_CATEGORY");
  }
  checks.CheckText("description", entry.description);
  checks.CheckTexts("descriptions", entry.descriptions);
}

void CheckPhones(const std::vector<Phone>& phones, const FieldChecks& checks) {
  checks.CheckCount("phones", phones.size(), kMostContacts);
  for (size_t i = 0; i < phones.size(); ++i) {
    if (!IsPhoneNumber(phones[i].number)) {
      checks.Add(absl::StrCat("phones[", i, "].number"), "PHONE_NUMBER");
    }
    checks.CheckLine(absl::StrCat("phones[", i, "].purpose"), phones[i].purpose);
  }
}

void CheckEmails(const std::vector<Email>& emails, const FieldChecks& checks) {
  checks.CheckCount("emails", emails.size(), kMostContacts);
  for (size_t i = 0; i < emails.size(); ++i) {
    const auto contact = api::ParseContact(emails[i].address);
    if (!contact || contact->kind != api::Contact::Kind::kEmail) {
      checks.Add(absl::StrCat("emails[", i, "].address"), "EMAIL_ADDRESS");
    }
    checks.CheckLine(absl::StrCat("emails[", i, "].purpose"), emails[i].purpose);
  }
}

void CheckDistricts(const std::vector<std::string>& districts, const KnownIds& known,
                    const FieldChecks& checks) {
  checks.CheckCount("districts", districts.size(), kMostDistricts);
  absl::flat_hash_set<absl::string_view> seen;
  for (size_t i = 0; i < districts.size(); ++i) {
    const std::string path = absl::StrCat("districts[", i, "]");
    if (!known.districts.contains(districts[i])) {
      checks.Add(path, "NO_SUCH_DISTRICT");
    } else if (!seen.insert(districts[i]).second) {
      checks.Add(path, "REPEATED");
    }
  }
}

void CheckMadeUpFields(const std::vector<std::string>& fields, const FieldChecks& checks) {
  for (size_t i = 0; i < fields.size(); ++i) {
    const bool known =
        std::any_of(std::begin(kOrganizationFields), std::end(kOrganizationFields),
                    [&](const Field<Organization>& field) { return field.name == fields[i]; });
    if (!known) checks.Add(absl::StrCat("madeUpFields[", i, "]"), "NOT_A_FIELD");
  }
}

}  // namespace

void CheckOrganization(const Organization& organization, const KnownIds& known,
                       absl::string_view prefix, Violations& violations) {
  const FieldChecks checks(prefix, violations);
  CheckEntry(organization, known, checks);
  CheckPhones(organization.phones, checks);
  CheckEmails(organization.emails, checks);
  if (!organization.website.empty()) checks.CheckWebLink("website", organization.website);
  checks.CheckCount("socials", organization.socials.size(), kMostContacts);
  for (size_t i = 0; i < organization.socials.size(); ++i) {
    checks.CheckWebLink(absl::StrCat("socials[", i, "]"), organization.socials[i]);
  }
  checks.CheckLine("address", organization.address);
  if (organization.location && !geo::IsValid(*organization.location)) {
    checks.Add("location", "NOT_A_POINT");
  }
  if (organization.hours) {
    CheckHours(*organization.hours, absl::StrCat(prefix, "hours"), violations);
  }
  CheckDistricts(organization.districts, known, checks);
  if (!organization.department.empty() && !known.departments.contains(organization.department)) {
    checks.Add("department", "NO_SUCH_DEPARTMENT");
  }
  checks.CheckLine("attribution", organization.attribution);
  CheckMadeUpFields(organization.made_up_fields, checks);
}

void CheckEService(const EService& service, const KnownIds& known, absl::string_view prefix,
                   Violations& violations) {
  const FieldChecks checks(prefix, violations);
  CheckEntry(service, known, checks);
  checks.CheckLine("audience", service.audience);
  if (service.link.empty()) {
    checks.Add("link", "REQUIRED");
  } else {
    checks.CheckWebLink("link", service.link);
  }
  if (!service.deep_link.empty()) checks.CheckAppLink("deepLink", service.deep_link);
  checks.CheckCount("documents", service.documents.size(), kMostDocuments);
  for (size_t i = 0; i < service.documents.size(); ++i) {
    checks.CheckTitle(absl::StrCat("documents[", i, "]"), service.documents[i]);
  }
  if (!service.organization.empty() && !known.organizations.contains(service.organization)) {
    checks.Add("organization", "NO_SUCH_ORGANIZATION");
  }
}

std::vector<std::string> ChangedFields(const Organization& before, const Organization& after) {
  return Changed(kOrganizationFields, before, after);
}

std::vector<std::string> ChangedFields(const EService& before, const EService& after) {
  return Changed(kEServiceFields, before, after);
}

bool IsStale(const Organization& organization, absl::Time now) {
  return organization.state.confirm_time + kConfirmed <= now;
}

}  // namespace veche::directory
