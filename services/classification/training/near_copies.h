#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// The weights of texts in calibration: a hundred copies of one text, or of texts about one event,
// say hardly more about a model than one of them. Pure.

namespace veche::classification {

// For each text the index of the first text that it nearly repeats, or its own index. Fewer than
// ten similar texts do not count as copies: every city gets a few similar reports. Compares the
// 64-bit fingerprint (SimHash) of each text with all earlier originals.
std::vector<uint32_t> FindNearCopies(absl::Span<const absl::string_view> texts);

// The weight of each text: copies share the weight of one text, and all texts of a label together
// weigh at most a fifth of the total, including `base_weight`. Texts without a label (negative)
// count as one label.
std::vector<float> TextWeights(absl::Span<const uint32_t> copy_of, absl::Span<const int32_t> labels,
                               double base_weight);

}  // namespace veche::classification
