#include "services/classification/errors.h"

#include "common/base/error.h"

namespace veche::classification {

absl::Status UnknownCategory(absl::string_view category) {
  return MakeError(absl::StatusCode::kNotFound, "classification", "UNKNOWN_CATEGORY",
                   "There is no such category to learn. Send one of the directory's categories.",
                   {{"category", category}});
}

}  // namespace veche::classification
