#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/directory/domain/organization.h"
#include "services/directory/search/search_index.h"
#include "services/directory/snapshot/search_documents.h"
#include "services/directory/storage/entry_store.h"

namespace veche::directory {

// An organization with what is computed from it once.
struct ListedOrganization {
  Organization data;
  std::string district = {};  // id of the district of its location; "" for none
};

struct ListedEService {
  EService data;
};

// Entries of one kind by id, and the index in which their positions are found.
template <typename Entry>
struct EntryList {
  std::vector<std::shared_ptr<const Entry>> entries;
  std::shared_ptr<const SearchIndex> index = std::make_shared<SearchIndex>();

  // The entry, also a deleted one; null when there is none.
  const Entry* Find(absl::string_view id) const;
};

// All organizations and e-services, deleted ones included. Immutable; entries that did not change,
// and indexes of equal texts, are shared between versions.
class Entries {
 public:
  // What the entries depend on besides their own data.
  struct Context {
    int64_t forgotten = 0;  // entries that were deleted in this version or earlier are left out
    // The id of the district of a point; "" for none.
    std::function<std::string(const geo::LatLng&)> locate;
    CategoryText category_text;
    bool relocate = false;  // `locate` gives other answers than for the former entries
    bool reindex = false;   // `category_text` does
  };

  // `former` with the changed entries.
  static Entries Merge(const Entries& former, ChangedEntries changed, const Context& context);

  const EntryList<ListedOrganization>& organizations() const { return organizations_; }
  const EntryList<ListedEService>& e_services() const { return e_services_; }

 private:
  EntryList<ListedOrganization> organizations_;
  EntryList<ListedEService> e_services_;
};

}  // namespace veche::directory
