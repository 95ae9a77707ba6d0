#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/geo/boundary.h"
#include "common/geo/district_index.h"
#include "services/notifications/domain/notice.h"

namespace veche::notifications {

// A district of the city.
struct District {
  std::string name;   // "districts/{id}"
  std::string title;  // in the city's main language
  Titles titles;      // by language
};

// The city's districts at one moment. Immutable.
class DistrictMap {
 public:
  // `boundaries` are those of the first districts; the others have none.
  DistrictMap(std::vector<District> districts, std::vector<geo::Boundary> boundaries);

  bool empty() const { return districts_.empty(); }
  bool Has(absl::string_view name) const { return by_name_.contains(name); }
  // The title in `language`, else in the city's main language; the name of an unknown district.
  std::string TitleOf(absl::string_view name, absl::string_view language) const;
  // "districts/{id}" that holds the point, "" when none does.
  std::string At(const geo::LatLng& point) const;
  // The names of the districts that the area overlaps.
  std::vector<std::string> Overlapping(const geo::Boundary& area) const;

 private:
  const std::vector<District> districts_;
  const std::vector<geo::Boundary> boundaries_;
  absl::flat_hash_map<std::string, size_t> by_name_;
  const geo::DistrictIndex index_;
};

// Gives the newest copy; null before the directory was first reached. Thread-safe.
using DistrictMapProvider = std::function<std::shared_ptr<const DistrictMap>()>;

}  // namespace veche::notifications
