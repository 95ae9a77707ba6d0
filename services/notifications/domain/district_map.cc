#include "services/notifications/domain/district_map.h"

#include <optional>
#include <utility>

namespace veche::notifications {

DistrictMap::DistrictMap(std::vector<District> districts, std::vector<geo::Boundary> boundaries)
    : districts_(std::move(districts)), boundaries_(std::move(boundaries)), index_(boundaries_) {
  for (size_t i = 0; i < districts_.size(); ++i) by_name_.emplace(districts_[i].name, i);
}

std::string DistrictMap::TitleOf(absl::string_view name, absl::string_view language) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::string(name);
  const District& district = districts_[found->second];
  const auto title = district.titles.find(language);
  return title == district.titles.end() ? district.title : title->second;
}

std::string DistrictMap::At(const geo::LatLng& point) const {
  const std::optional<size_t> found = index_.Locate(point);
  return found ? districts_[*found].name : "";
}

std::vector<std::string> DistrictMap::Overlapping(const geo::Boundary& area) const {
  std::vector<std::string> names;
  for (size_t i = 0; i < boundaries_.size(); ++i) {
    if (boundaries_[i].Overlaps(area)) names.push_back(districts_[i].name);
  }
  return names;
}

}  // namespace veche::notifications
