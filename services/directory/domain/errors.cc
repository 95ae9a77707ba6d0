#include "services/directory/domain/errors.h"

#include "common/base/error.h"

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

}  // namespace veche::directory
