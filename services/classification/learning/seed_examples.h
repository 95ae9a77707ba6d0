#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::classification {

// The sentences of seed/examples_*.tsv, on which every candidate is trained too.
absl::Span<const EmbeddedFile> SeedExamples();

}  // namespace veche::classification
