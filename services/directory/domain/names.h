#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

// Names of resources, "organizations/{id}", and titles. Pure functions.

namespace veche::directory {

// Titles by BCP 47 language: {"tt", "Вахитов районы"}.
using Titles = std::map<std::string, std::string>;

inline constexpr absl::string_view kOrganizations = "organizations";
inline constexpr absl::string_view kEServices = "eServices";
inline constexpr absl::string_view kOrganizationCategories = "organizationCategories";
inline constexpr absl::string_view kMapLayers = "mapLayers";
inline constexpr absl::string_view kDistricts = "districts";
inline constexpr absl::string_view kDepartments = "departments";

// True for 1 to 63 characters of a-z, 0-9, '-' and '_' that begin with a letter or digit.
bool IsValidId(absl::string_view id);

// "vakhitovsky" for the collection "districts" and the name "districts/vakhitovsky"; "" for a name
// of another form.
std::string IdOf(absl::string_view collection, absl::string_view name);
// The inverse; "" for an empty id.
std::string NameOf(absl::string_view collection, absl::string_view id);

}  // namespace veche::directory
