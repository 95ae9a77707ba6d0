#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of this service that a client may branch on, besides INVALID_FIELDS.

namespace veche::directory {

absl::Status DistrictNotFound(absl::string_view name);      // NOT_FOUND, DISTRICT_NOT_FOUND
absl::Status PointOutsideDistricts();                       // NOT_FOUND, POINT_OUTSIDE_DISTRICTS
absl::Status DirectoryNotLoaded();                          // UNAVAILABLE, DIRECTORY_NOT_LOADED
absl::Status OrganizationNotFound(absl::string_view name);  // NOT_FOUND, ORGANIZATION_NOT_FOUND
absl::Status EServiceNotFound(absl::string_view name);      // NOT_FOUND, E_SERVICE_NOT_FOUND
absl::Status MapLayerNotFound(absl::string_view name);      // NOT_FOUND, MAP_LAYER_NOT_FOUND
// ABORTED, ETAG_MISMATCH with metadata etag (the current one).
absl::Status EtagMismatch(absl::string_view current);
absl::Status NotDeleted();  // FAILED_PRECONDITION, NOT_DELETED
// FAILED_PRECONDITION, DIRECTORY_FULL: it has kMostOrganizations.
absl::Status DirectoryFull();
absl::Status FileTooLarge(int64_t limit_bytes);  // RESOURCE_EXHAUSTED, FILE_TOO_LARGE
// FAILED_PRECONDITION, CURSOR_TOO_OLD: deletions since the cursor are no longer known.
absl::Status CursorTooOld();

}  // namespace veche::directory
