#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/geo/point.h"
#include "services/directory/domain/hours.h"
#include "services/directory/snapshot/entries.h"

// Lists of organizations and e-services from memory. Pure functions.

namespace veche::directory {

// Where an entry stands in the order of a list: by `number`, then `text`, then `id`.
struct ListPlace {
  int64_t number = 0;
  std::string text = {};
  std::string id = {};

  // For page tokens; nothing for a text that Format did not make.
  std::string Format() const;
  static std::optional<ListPlace> Parse(absl::string_view text);
};

struct OrganizationFilter {
  enum class Order { kNewest, kTitle, kNearest, kBestMatch };

  std::string q = {};                        // kBestMatch needs a text
  std::string category = {};                 // id; "" for all
  std::string district = {};                 // id; "" for all
  std::optional<geo::LatLng> near = {};      // kNearest needs a point
  std::optional<double> radius_meters = {};  // with `near`
  std::optional<bool> open_now = {};
  std::optional<geo::Box> box = {};
  Order order = Order::kNewest;
};

// An organization of a page; `entry` points into the entries.
struct FoundOrganization {
  const ListedOrganization* entry = nullptr;
  std::optional<double> distance_meters = {};  // from `near`
  ListPlace place() const;

  int64_t number = 0;           // of the place
  absl::string_view text = {};  // of the place
};

// At most `limit` organizations that pass the filter, in its order, after the place. Organizations
// without a location pass neither `near` nor `box`.
std::vector<FoundOrganization> ListOrganizations(const Entries& entries,
                                                 const OrganizationFilter& filter,
                                                 const std::optional<ListPlace>& after,
                                                 size_t limit, OpenClock& clock);

// Organizations that nobody has confirmed for a year, the longest ago first; or those that were
// deleted and can be restored, the last first.
enum class Review { kStale, kDeleted };
std::vector<FoundOrganization> ReviewOrganizations(const Entries& entries, Review review,
                                                   const std::optional<ListPlace>& after,
                                                   size_t limit, absl::Time now);

// An e-service of a page; `entry` points into the entries.
struct FoundEService {
  const EService* entry = nullptr;
  int64_t number = 0;  // of the place
  ListPlace place() const { return {number, entry->title, entry->id}; }
};

// At most `limit` e-services that match, after the place: the best match first, without `q` by
// title.
std::vector<FoundEService> ListEServices(const Entries& entries, absl::string_view q,
                                         absl::string_view category,
                                         const std::optional<ListPlace>& after, size_t limit);

}  // namespace veche::directory
