#include "services/directory/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/directory/domain/organization.h"

namespace veche::directory {
namespace {
constexpr absl::string_view kDomain = "directory";
}

absl::Status DistrictNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "DISTRICT_NOT_FOUND",
                   {{"district", name}});
}

absl::Status PointOutsideDistricts() {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "POINT_OUTSIDE_DISTRICTS");
}

absl::Status DirectoryNotLoaded() {
  return WithRetryAfter(MakeError(absl::StatusCode::kUnavailable, kDomain, "DIRECTORY_NOT_LOADED"),
                        absl::Seconds(1));
}

absl::Status OrganizationNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ORGANIZATION_NOT_FOUND",
                   {{"organization", name}});
}

absl::Status EServiceNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "E_SERVICE_NOT_FOUND",
                   {{"eService", name}});
}

absl::Status MapLayerNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "MAP_LAYER_NOT_FOUND",
                   {{"mapLayer", name}});
}

absl::Status EtagMismatch(absl::string_view current) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH", {{"etag", current}});
}

absl::Status NotDeleted() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOT_DELETED");
}

absl::Status DirectoryFull() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "DIRECTORY_FULL",
                   {{"most", absl::StrCat(kMostOrganizations)}});
}

absl::Status FileTooLarge(int64_t limit_bytes) {
  return MakeError(absl::StatusCode::kResourceExhausted, kDomain, "FILE_TOO_LARGE",
                   {{"limitBytes", absl::StrCat(limit_bytes)}});
}

absl::Status CursorTooOld() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "CURSOR_TOO_OLD");
}

}  // namespace veche::directory
