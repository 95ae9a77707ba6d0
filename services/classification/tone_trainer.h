#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::classification {

// The bytes of a ToneModel. `examples` has lines "label <tab> text" under a header, where the label
// is "abuse", "threat", "spam" or "-" for what is fine; each of `fine` is a table with a column
// `text` of texts that are. InvalidArgument with the line. The same texts give the same bytes.
absl::StatusOr<std::string> TrainTone(absl::string_view examples,
                                      absl::Span<const std::string> fine);

}  // namespace veche::classification
