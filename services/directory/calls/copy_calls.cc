#include "services/directory/calls/copy_calls.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "services/directory/calls/entry_view.h"
#include "services/directory/calls/organization_query.h"
#include "services/directory/domain/errors.h"
#include "services/directory/domain/names.h"

namespace veche::directory {
namespace {

v1::Organization Copy(const ListedOrganization& entry, const LinkOptions& links) {
  return CopyOf(entry.data, entry.district, links);
}
v1::EService Copy(const ListedEService& entry, const LinkOptions&) { return ViewOf(entry.data); }

// Adds copies of the entries with ids after `after` while they fit. Returns the id of the last one
// when some are left.
template <typename Entry, typename Add>
std::optional<std::string> AddEntries(const std::vector<std::shared_ptr<const Entry>>& entries,
                                      const std::string& after, const LinkOptions& links,
                                      api::PageBudget& budget, Add add) {
  std::string last = after;
  for (const auto& entry : entries) {
    if (entry->data.state.delete_time || entry->data.id <= after) continue;
    auto copy = Copy(*entry, links);
    if (!budget.Fits(copy)) return last;
    add(std::move(copy));
    last = entry->data.id;
  }
  return std::nullopt;
}

void AddReference(const Snapshot& snapshot, v1::DirectorySnapshot& response) {
  *response.mutable_districts() = snapshot.districts_without_boundaries.districts();
  *response.mutable_departments() = snapshot.departments.departments();
  *response.mutable_categories() = snapshot.categories.categories();
  *response.mutable_organization_categories() =
      snapshot.organization_categories.organization_categories();
}

// An entry that has changed since a cursor.
struct ChangedEntry {
  int64_t change;
  std::string name;
  const ListedOrganization* organization;  // one of the two
  const ListedEService* e_service;
};

std::vector<ChangedEntry> ChangedSince(const Entries& entries, int64_t since) {
  std::vector<ChangedEntry> changed;
  for (const auto& entry : entries.organizations().entries) {
    const int64_t change = entry->data.state.change;
    if (change <= since) continue;
    changed.push_back({change, NameOf(kOrganizations, entry->data.id), entry.get(), nullptr});
  }
  for (const auto& entry : entries.e_services().entries) {
    const int64_t change = entry->data.state.change;
    if (change <= since) continue;
    changed.push_back({change, NameOf(kEServices, entry->data.id), nullptr, entry.get()});
  }
  std::sort(changed.begin(), changed.end(), [](const ChangedEntry& a, const ChangedEntry& b) {
    return std::tie(a.change, a.name) < std::tie(b.change, b.name);
  });
  return changed;
}

// Adds the entry, or the name of a deleted one; false when the page is full.
bool AddChange(const ChangedEntry& entry, const LinkOptions& links, api::PageBudget& budget,
               v1::ListDirectoryChangesResponse& response) {
  const EntryState& state =
      entry.organization != nullptr ? entry.organization->data.state : entry.e_service->data.state;
  if (state.delete_time) {
    response.add_deleted(entry.name);
  } else if (entry.organization != nullptr) {
    v1::Organization copy = Copy(*entry.organization, links);
    if (!budget.Fits(copy)) return false;
    *response.add_organizations() = std::move(copy);
  } else {
    v1::EService copy = Copy(*entry.e_service, links);
    if (!budget.Fits(copy)) return false;
    *response.add_e_services() = std::move(copy);
  }
  return true;
}

}  // namespace

absl::StatusOr<v1::DirectorySnapshot> CopyCalls::GetDirectorySnapshot(
    const rpc::Call&, const v1::GetDirectorySnapshotRequest& request, Violations violations) {
  // A token is the name of the last entry of its page, or a collection without an id.
  const std::string& token = request.page_token();
  const std::string organization = IdOf(kOrganizations, token);
  std::string service = IdOf(kEServices, token);
  const bool services_only = !service.empty() || token == kEServices;
  if (!token.empty() && organization.empty() && !services_only) {
    violations.Add("pageToken", "PAGE_TOKEN");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  v1::DirectorySnapshot response;
  response.set_cursor(absl::StrCat(snapshot->version));
  if (token.empty()) AddReference(*snapshot, response);
  api::PageBudget budget;
  std::optional<std::string> last;
  if (!services_only) {
    last =
        AddEntries(snapshot->entries.organizations().entries, organization, parts_.links, budget,
                   [&](v1::Organization copy) { *response.add_organizations() = std::move(copy); });
    if (last) response.set_next_page_token(NameOf(kOrganizations, *last));
  }
  if (!last) {
    last = AddEntries(snapshot->entries.e_services().entries, service, parts_.links, budget,
                      [&](v1::EService copy) { *response.add_e_services() = std::move(copy); });
    if (last) {
      response.set_next_page_token(last->empty() ? std::string(kEServices)
                                                 : NameOf(kEServices, *last));
    }
  }
  response.set_etag(EtagOf(snapshot->version, response));
  return response;
}

absl::StatusOr<v1::ListDirectoryChangesResponse> CopyCalls::ListDirectoryChanges(
    const rpc::Call&, const v1::ListDirectoryChangesRequest& request, Violations violations) {
  int64_t since = 0;
  if (!absl::SimpleAtoi(request.since(), &since) || since < 0) {
    violations.Add("since", "DIRECTORY_CURSOR");
  }
  const api::Page page(request, "", violations);
  const std::optional<ListPlace> after = PlaceOf(page, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto snapshot, parts_.snapshots.Current());
  if (since < snapshot->changes_from) return CursorTooOld();
  v1::ListDirectoryChangesResponse response;
  response.set_reference_changed(snapshot->reference_version > since);
  api::PageBudget budget;
  ListPlace last = after.value_or(ListPlace());
  int count = 0;
  for (const ChangedEntry& entry : ChangedSince(snapshot->entries, since)) {
    if (after && std::tie(entry.change, entry.name) <= std::tie(after->number, after->text)) {
      continue;
    }
    if (count++ == page.size() || !AddChange(entry, parts_.links, budget, response)) {
      response.set_next_page_token(page.TokenAfter(last.Format()));
      return response;
    }
    last = {.number = entry.change, .text = entry.name};
  }
  // A cursor of another replica may be ahead of this process's snapshot.
  response.set_cursor(absl::StrCat(std::max(since, snapshot->version)));
  return response;
}

}  // namespace veche::directory
