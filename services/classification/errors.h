#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of classification that a client may branch on. The comment is the reason's meaning.

namespace veche::classification {

// UNKNOWN_CATEGORY: a correction names a category that no model can learn.
absl::Status UnknownCategory(absl::string_view category);

}  // namespace veche::classification
