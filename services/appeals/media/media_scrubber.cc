#include "services/appeals/media/media_scrubber.h"

#include "common/base/error.h"

namespace veche::appeals {

absl::Status FileDamaged(absl::string_view format, absl::string_view what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "appeals", "FILE_DAMAGED",
                   {{"format", format}, {"problem", what}});
}

}  // namespace veche::appeals
