#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// What a text is worth where it is asked how good a model is. A hundred copies of one text, or of
// what people write about one thing, tell hardly more than one does. Pure.

namespace veche::classification {

// For each text the index of the first one that it nearly repeats, its own where there is none. A
// handful of reports that read alike is what every city gets: fewer than ten are no copies.
// Compares each text, by 64 bits, with all before it that are no copies.
std::vector<uint32_t> FindNearCopies(absl::Span<const absl::string_view> texts);

// The weight of each text: copies share that of one, and all texts of a label have at most a fifth
// of the whole, `ground` with it. `labels` may be negative: of none, which count as one label.
std::vector<float> Worth(absl::Span<const uint32_t> copy_of, absl::Span<const int32_t> labels,
                         double ground);

}  // namespace veche::classification
