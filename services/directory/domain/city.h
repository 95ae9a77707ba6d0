#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/geo/point.h"

// What a city is made of, and the rules that an import has to keep.

namespace veche::directory {

// Titles by BCP 47 language: {"tt", "Вахитов районы"}.
using Titles = std::map<std::string, std::string>;

struct District {
  std::string id = {};
  std::string title = {};  // in the city's main language
  Titles titles = {};
  double area_km2 = 0;
  geo::LatLng label = {};
  std::string boundary = {};     // GeoJSON geometry, as text
  std::string attribution = {};  // who drew it and under what terms
};

struct Department {
  std::string id = {};
  std::string title = {};
  Titles titles = {};
  std::string kind = {};  // as classification knows it: "roads"
  std::vector<std::string> phones = {};
};

struct Category {
  std::string id = {};
  std::string title = {};
  Titles titles = {};
  std::string group = {};
  std::string group_title = {};
  std::string department = {};  // id
  int32_t response_hours = 0;
  std::string legal_profile = {};
};

// All of it, or an update of some of it.
struct City {
  int64_t version = 0;  // grows with each import
  std::vector<District> districts;
  std::vector<Department> departments;
  std::vector<Category> categories;
};

// 1 to 63 of a-z, 0-9, '-' and '_', a letter or digit first: legal in a resource name and a URL.
bool IsValidId(absl::string_view id);

// Adds a violation for everything that is wrong with an update of a city that has the departments
// `known_departments` (ids), by its path in the request: "categories[3].department".
void CheckUpdate(const City& update, const absl::flat_hash_set<std::string>& known_departments,
                 Violations& violations);

}  // namespace veche::directory
