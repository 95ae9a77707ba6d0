#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of this service that a client may branch on, besides INVALID_FIELDS.

namespace veche::directory {

absl::Status DistrictNotFound(absl::string_view name);  // NOT_FOUND, DISTRICT_NOT_FOUND
absl::Status PointOutsideDistricts();                   // NOT_FOUND, POINT_OUTSIDE_DISTRICTS
absl::Status DirectoryNotLoaded();                      // UNAVAILABLE, DIRECTORY_NOT_LOADED

}  // namespace veche::directory
