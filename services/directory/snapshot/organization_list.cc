#include "services/directory/snapshot/organization_list.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "services/directory/search/search_index.h"

namespace veche::directory {
namespace {

constexpr char kSeparator = '\t';  // in no title and no id
constexpr double kMillimeters = 1000;
constexpr double kScoreSteps = 1e6;

bool Serves(const ListedOrganization& entry, absl::string_view district) {
  const std::vector<std::string>& served = entry.data.districts;
  if (entry.district == district) return true;
  // Without districts and location an organization serves the whole city.
  if (served.empty()) return !entry.data.location;
  return std::find(served.begin(), served.end(), district) != served.end();
}

// The first `limit` of `found` after the place, in order.
template <typename Found, typename KeyOf>
void TakePage(std::vector<Found>& found, const std::optional<ListPlace>& after, size_t limit,
              KeyOf key_of) {
  if (after) {
    const auto place = std::make_tuple(after->number, absl::string_view(after->text),
                                       absl::string_view(after->id));
    found.erase(std::remove_if(found.begin(), found.end(),
                               [&](const Found& f) { return key_of(f) <= place; }),
                found.end());
  }
  const auto before = [&](const Found& a, const Found& b) { return key_of(a) < key_of(b); };
  if (found.size() > limit) {
    const auto end = found.begin() + static_cast<ptrdiff_t>(limit);
    std::nth_element(found.begin(), end, found.end(), before);
    found.erase(end, found.end());
  }
  std::sort(found.begin(), found.end(), before);
}

std::tuple<int64_t, absl::string_view, absl::string_view> KeyOf(const FoundOrganization& found) {
  return {found.number, found.text, found.entry->data.id};
}

// Sets the place in the filter's order.
void SetPlace(const OrganizationFilter& filter, FoundOrganization& found) {
  switch (filter.order) {
    case OrganizationFilter::Order::kNewest:
      found.number = -ToMicros(found.entry->data.state.create_time);
      break;
    case OrganizationFilter::Order::kTitle:
      found.text = found.entry->data.title;
      break;
    case OrganizationFilter::Order::kNearest:
      found.number = static_cast<int64_t>(found.distance_meters.value_or(0) * kMillimeters);
      break;
    case OrganizationFilter::Order::kBestMatch:
      break;  // the score is the place
  }
}

// Tests an organization by the cheap conditions first.
class Filter {
 public:
  Filter(const OrganizationFilter& filter, OpenClock& clock) : filter_(filter), clock_(clock) {
    if (filter.near && filter.radius_meters) {
      around_ = geo::BoxAround(*filter.near, *filter.radius_meters);
    }
  }

  // Nothing when the organization does not pass.
  std::optional<FoundOrganization> Test(const ListedOrganization& entry) {
    const Organization& data = entry.data;
    if (data.state.delete_time) return std::nullopt;
    if (!filter_.category.empty() && data.category != filter_.category) return std::nullopt;
    if (!filter_.district.empty() && !Serves(entry, filter_.district)) return std::nullopt;
    if ((filter_.near || filter_.box) && !data.location) return std::nullopt;
    if (filter_.box && !filter_.box->Contains(*data.location)) return std::nullopt;
    if (around_ && !around_->Contains(*data.location)) return std::nullopt;
    FoundOrganization found{.entry = &entry};
    if (filter_.near) {
      found.distance_meters = geo::DistanceMeters(*filter_.near, *data.location);
      if (filter_.radius_meters && *found.distance_meters > *filter_.radius_meters) {
        return std::nullopt;
      }
    }
    if (filter_.open_now) {
      if (!data.hours || clock_.IsOpen(*data.hours) != *filter_.open_now) return std::nullopt;
    }
    SetPlace(filter_, found);
    return found;
  }

 private:
  const OrganizationFilter& filter_;
  OpenClock& clock_;
  std::optional<geo::Box> around_;
};

using Organizations = EntryList<ListedOrganization>;

std::vector<FoundOrganization> FindAll(const Organizations& organizations,
                                       const OrganizationFilter& filter, OpenClock& clock) {
  Filter test(filter, clock);
  std::vector<FoundOrganization> found;
  for (const auto& entry : organizations.entries) {
    if (std::optional<FoundOrganization> one = test.Test(*entry)) found.push_back(*one);
  }
  return found;
}

// Ranks by match, nearness and opening hours.
std::vector<FoundOrganization> FindByText(const Organizations& organizations,
                                          const OrganizationFilter& filter, OpenClock& clock) {
  Filter test(filter, clock);
  const auto weight = [&](uint32_t position) {
    const ListedOrganization& entry = *organizations.entries[position];
    const std::optional<FoundOrganization> one = test.Test(entry);
    if (!one) return 0.0F;
    const bool open = entry.data.hours && clock.IsOpen(*entry.data.hours);
    return PlaceWeight(one->distance_meters.value_or(-1), open);
  };
  std::vector<FoundOrganization> found;
  for (const SearchIndex::Hit& hit :
       organizations.index->Search(filter.q, organizations.entries.size(), weight)) {
    std::optional<FoundOrganization> one = test.Test(*organizations.entries[hit.document]);
    if (!one) continue;
    if (filter.order == OrganizationFilter::Order::kBestMatch) {
      one->number = -static_cast<int64_t>(hit.score * kScoreSteps);
    }
    found.push_back(*one);
  }
  return found;
}

}  // namespace

std::string ListPlace::Format() const {
  return absl::StrCat(number, std::string(1, kSeparator), text, std::string(1, kSeparator), id);
}

std::optional<ListPlace> ListPlace::Parse(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, kSeparator);
  ListPlace place;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &place.number)) return std::nullopt;
  place.text = parts[1];
  place.id = parts[2];
  return place;
}

ListPlace FoundOrganization::place() const { return {number, std::string(text), entry->data.id}; }

std::vector<FoundOrganization> ListOrganizations(const Entries& entries,
                                                 const OrganizationFilter& filter,
                                                 const std::optional<ListPlace>& after,
                                                 size_t limit, OpenClock& clock) {
  std::vector<FoundOrganization> found = filter.q.empty()
                                             ? FindAll(entries.organizations(), filter, clock)
                                             : FindByText(entries.organizations(), filter, clock);
  TakePage(found, after, limit, KeyOf);
  return found;
}

std::vector<FoundOrganization> ReviewOrganizations(const Entries& entries, Review review,
                                                   const std::optional<ListPlace>& after,
                                                   size_t limit, absl::Time now) {
  std::vector<FoundOrganization> found;
  for (const auto& entry : entries.organizations().entries) {
    const EntryState& state = entry->data.state;
    if (review == Review::kStale && !state.delete_time && IsStale(entry->data, now)) {
      found.push_back({.entry = entry.get(), .number = ToMicros(state.confirm_time)});
    }
    if (review == Review::kDeleted && state.delete_time && now < *state.delete_time + kRestorable) {
      found.push_back({.entry = entry.get(), .number = -ToMicros(*state.delete_time)});
    }
  }
  TakePage(found, after, limit, KeyOf);
  return found;
}

std::vector<FoundEService> ListEServices(const Entries& entries, absl::string_view q,
                                         absl::string_view category,
                                         const std::optional<ListPlace>& after, size_t limit) {
  const auto& services = entries.e_services();
  std::vector<FoundEService> found;
  const auto passes = [&](uint32_t position) {
    const EService& service = services.entries[position]->data;
    return !service.state.delete_time && (category.empty() || service.category == category);
  };
  if (q.empty()) {
    for (uint32_t i = 0; i < services.entries.size(); ++i) {
      if (passes(i)) found.push_back({.entry = &services.entries[i]->data});
    }
  } else {
    const auto weight = [&](uint32_t position) { return passes(position) ? 1.0F : 0.0F; };
    for (const auto& hit : services.index->Search(q, services.entries.size(), weight)) {
      found.push_back({.entry = &services.entries[hit.document]->data,
                       .number = -static_cast<int64_t>(hit.score * kScoreSteps)});
    }
  }
  TakePage(found, after, limit, [](const FoundEService& one) {
    return std::tuple<int64_t, absl::string_view, absl::string_view>(one.number, one.entry->title,
                                                                     one.entry->id);
  });
  return found;
}

}  // namespace veche::directory
