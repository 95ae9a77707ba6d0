#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "common/geo/district_index.h"

namespace veche::appeals {

// The data of the city that appeals needs, at one moment. Immutable.
struct CitySnapshot {
  struct Category {
    std::string title;
    std::string department;  // "departments/{id}"
    int response_hours = 0;
    std::string legal_profile;
  };
  // In the city's main language, and by BCP 47 language.
  struct Titles {
    std::string main;
    absl::flat_hash_map<std::string, std::string> by_language;
  };
  absl::flat_hash_map<std::string, Titles> titles;         // of categories and districts, by name
  absl::flat_hash_map<std::string, Category> categories;   // by name
  absl::flat_hash_map<std::string, std::string> by_title;  // category title → name
  absl::flat_hash_set<std::string> departments;            // names
  absl::flat_hash_map<std::string, std::vector<std::string>> departments_by_kind;
  // For appeals without a category. Categories that do not set these values already have them.
  int response_hours = 0;
  std::string legal_profile;
  absl::flat_hash_set<std::string> district_names;
  std::vector<std::string> districts;  // names of those with a boundary, as the index counts
  std::unique_ptr<geo::DistrictIndex> district_index;

  // "districts/{id}" that holds the point, "" when none does.
  std::string DistrictAt(const geo::LatLng& point) const;
  const Category* FindCategory(absl::string_view name) const;
  // The title of a category or district in `language`, else in the city's main language; "" when
  // the city has none of this name.
  std::string TitleOf(absl::string_view name, absl::string_view language) const;
};

// Gives the newest copy of the city; null before the directory was first reached. Thread-safe.
using CityProvider = std::function<std::shared_ptr<const CitySnapshot>()>;

// The values for a category that sets none.
struct CityDefaults {
  std::string legal_profile = "ru-59fz";  // FindLegalProfile knows it
  int response_hours = 240;               // working hours; 0 for no limit
};

}  // namespace veche::appeals
