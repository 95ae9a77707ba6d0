#pragma once

#include "absl/types/span.h"
#include "common/base/embedded_file.h"

namespace veche::issuer {

// The service's catalogue, texts.tsv; CommonTexts() comes beside it.
absl::Span<const EmbeddedFile> TextFiles();

}  // namespace veche::issuer
