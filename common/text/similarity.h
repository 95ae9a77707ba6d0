#pragma once

#include <string>

#include "absl/types/span.h"

namespace veche::text {

// How alike two texts are by their terms (SearchTerms: sorted and unique), 0..1: the mean of
// Jaccard's index and of the share of the smaller set that is in the larger, so that a short text
// about the same matter counts. Thread-safe.
double TermSimilarity(absl::Span<const std::string> a, absl::Span<const std::string> b);

}  // namespace veche::text
