#include "services/directory/calls/import_entries.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {
namespace {

KnownIds KnownWith(const City& update, const Snapshot& snapshot) {
  KnownIds known = snapshot.known;
  for (const District& district : update.districts) known.districts.insert(district.id);
  for (const Department& department : update.departments) known.departments.insert(department.id);
  for (const OrganizationCategory& category : update.organization_categories) {
    known.categories.insert(category.id);
  }
  return known;
}

// Reads the rows of a list. Their ids, which the importer chooses, have to differ.
template <typename Entry, typename Rows>
std::vector<Entry> ReadRows(const Rows& rows, absl::string_view list, Violations& violations) {
  std::vector<Entry> entries;
  absl::flat_hash_set<std::string> seen;
  for (const auto& row : rows) {
    const std::string prefix = absl::StrCat(list, "[", entries.size(), "].");
    Entry entry = FromWire(row, prefix, violations);
    if (entry.id.empty()) {
      violations.Add(prefix + "name", {"ROW_NAME", {{"list", list}}});
    } else if (!seen.insert(entry.id).second) {
      violations.Add(prefix + "name", "REPEATED");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

ImportedEntries ReadEntries(const v1::ImportDirectoryRequest& request, const City& update,
                            const Snapshot& snapshot, Violations& violations) {
  ImportedEntries imported{
      .organizations = ReadRows<Organization>(request.organizations(), kOrganizations, violations),
      .e_services = ReadRows<EService>(request.e_services(), kEServices, violations)};
  KnownIds known = KnownWith(update, snapshot);
  for (size_t i = 0; i < imported.organizations.size(); ++i) {
    const Organization& organization = imported.organizations[i];
    CheckOrganization(organization, known, absl::StrCat(kOrganizations, "[", i, "]."), violations);
    known.organizations.insert(organization.id);
  }
  for (size_t i = 0; i < imported.e_services.size(); ++i) {
    const std::string& provider = imported.e_services[i].organization;
    const ListedOrganization* stored = snapshot.entries.organizations().Find(provider);
    if (stored != nullptr && !stored->data.state.delete_time) known.organizations.insert(provider);
    CheckEService(imported.e_services[i], known, absl::StrCat(kEServices, "[", i, "]."),
                  violations);
  }
  return imported;
}

}  // namespace veche::directory
