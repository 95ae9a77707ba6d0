#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "common/base/error.h"
#include "common/geo/point.h"
#include "services/directory/domain/names.h"

// The reference data of a city, and the rules for imports.

namespace veche::directory {

struct District {
  std::string id = {};
  std::string title = {};  // in the city's main language
  Titles titles = {};
  double area_km2 = 0;
  geo::LatLng label = {};
  std::string boundary = {};     // GeoJSON geometry, as text
  std::string attribution = {};  // the author of the boundary and the licence
  std::optional<int64_t> population = {};
};

struct Department {
  std::string id = {};
  std::string title = {};
  Titles titles = {};
  std::string kind = {};  // the kind that classification suggests, such as "roads"
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

// What organizations and e-services are about.
struct OrganizationCategory {
  std::string id = {};
  std::string title = {};
  Titles titles = {};
  bool map_layer = false;  // its organizations are service points that a map shows as a layer
};

// A whole city, or an update that adds to it and replaces some of it.
struct City {
  int64_t version = 0;            // grows with each change of the directory
  int64_t reference_version = 0;  // the version of the last import of the lists below
  int64_t changes_from = 0;       // deletions of entries before this version may be forgotten
  std::vector<District> districts;
  std::vector<Department> departments;
  std::vector<Category> categories;
  std::vector<OrganizationCategory> organization_categories;
};

// Adds a violation for every invalid field of an update, named by its path in the request, such as
// "categories[3].department". `known_departments` are the ids of the city's departments: a category
// may name one of them or one of the update.
void CheckUpdate(const City& update, const absl::flat_hash_set<std::string>& known_departments,
                 Violations& violations);

}  // namespace veche::directory
