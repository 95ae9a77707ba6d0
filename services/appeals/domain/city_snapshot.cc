#include "services/appeals/domain/city_snapshot.h"

#include <optional>

namespace veche::appeals {

std::string CitySnapshot::DistrictAt(const geo::LatLng& point) const {
  if (district_index == nullptr) return "";
  const std::optional<size_t> index = district_index->Locate(point);
  return index ? districts[*index] : "";
}

const CitySnapshot::Category* CitySnapshot::FindCategory(absl::string_view name) const {
  auto it = categories.find(name);
  return it == categories.end() ? nullptr : &it->second;
}

std::string CitySnapshot::TitleOf(absl::string_view name, absl::string_view language) const {
  const auto found = titles.find(name);
  if (found == titles.end()) return "";
  const auto in_language = found->second.by_language.find(language);
  return in_language == found->second.by_language.end() ? found->second.main : in_language->second;
}

}  // namespace veche::appeals
