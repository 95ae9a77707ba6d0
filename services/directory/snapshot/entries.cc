#include "services/directory/snapshot/entries.h"

#include <algorithm>
#include <utility>

namespace veche::directory {
namespace {

template <typename Entry>
using Pointers = std::vector<std::shared_ptr<const Entry>>;

template <typename Entry>
bool IsForgotten(const Entry& entry, int64_t forgotten) {
  const EntryState& state = entry.data.state;
  return state.delete_time && state.change <= forgotten;
}

// Merges two lists by id; of two entries with one id the changed one stays.
template <typename Entry>
Pointers<Entry> MergeById(const Pointers<Entry>& former, Pointers<Entry> changed,
                          int64_t forgotten) {
  const auto by_id = [](const auto& a, const auto& b) { return a->data.id < b->data.id; };
  std::sort(changed.begin(), changed.end(), by_id);
  Pointers<Entry> merged;
  merged.reserve(former.size() + changed.size());
  auto old = former.begin();
  for (auto& entry : changed) {
    for (; old != former.end() && by_id(*old, entry); ++old) merged.push_back(*old);
    if (old != former.end() && (*old)->data.id == entry->data.id) ++old;
    merged.push_back(std::move(entry));
  }
  merged.insert(merged.end(), old, former.end());
  merged.erase(std::remove_if(merged.begin(), merged.end(),
                              [&](const auto& entry) { return IsForgotten(*entry, forgotten); }),
               merged.end());
  return merged;
}

// Whether the former index fits the merged list: the same ids in the same places, the same texts.
template <typename Entry>
bool HaveSameDocuments(const Pointers<Entry>& former, const Pointers<Entry>& merged) {
  return std::equal(
      former.begin(), former.end(), merged.begin(), merged.end(), [](const auto& a, const auto& b) {
        return a == b || (a->data.id == b->data.id && HaveSameDocument(a->data, b->data));
      });
}

template <typename Entry>
EntryList<Entry> MergeList(const EntryList<Entry>& former, Pointers<Entry> changed,
                           const Entries::Context& context) {
  EntryList<Entry> merged{MergeById(former.entries, std::move(changed), context.forgotten),
                          former.index};
  if (!context.reindex && HaveSameDocuments(former.entries, merged.entries)) return merged;
  std::vector<SearchDocument> documents;
  documents.reserve(merged.entries.size());
  for (const auto& entry : merged.entries) {
    documents.push_back(DocumentOf(entry->data, context.category_text));
  }
  merged.index = std::make_shared<SearchIndex>(documents);
  return merged;
}

std::string DistrictOf(const Organization& organization, const Entries::Context& context) {
  return organization.location ? context.locate(*organization.location) : "";
}

}  // namespace

template <typename Entry>
const Entry* EntryList<Entry>::Find(absl::string_view id) const {
  const auto found = std::lower_bound(
      entries.begin(), entries.end(), id,
      [](const auto& entry, absl::string_view wanted) { return entry->data.id < wanted; });
  return found != entries.end() && (*found)->data.id == id ? found->get() : nullptr;
}

template struct EntryList<ListedOrganization>;
template struct EntryList<ListedEService>;

Entries Entries::Merge(const Entries& former, ChangedEntries changed, const Context& context) {
  Pointers<ListedOrganization> organizations;
  for (Organization& organization : changed.organizations) {
    std::string district = DistrictOf(organization, context);
    organizations.push_back(std::make_shared<ListedOrganization>(
        ListedOrganization{std::move(organization), std::move(district)}));
  }
  Pointers<ListedEService> services;
  for (EService& service : changed.e_services) {
    services.push_back(std::make_shared<ListedEService>(ListedEService{std::move(service)}));
  }
  Entries merged;
  merged.organizations_ = MergeList(former.organizations_, std::move(organizations), context);
  merged.e_services_ = MergeList(former.e_services_, std::move(services), context);
  if (!context.relocate) return merged;
  for (auto& organization : merged.organizations_.entries) {
    std::string district = DistrictOf(organization->data, context);
    if (district == organization->district) continue;
    organization = std::make_shared<ListedOrganization>(
        ListedOrganization{organization->data, std::move(district)});
  }
  return merged;
}

}  // namespace veche::directory
