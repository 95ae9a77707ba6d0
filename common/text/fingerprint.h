#pragma once

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace veche::text {

// 64 bits that are alike for texts that are: a SimHash of a text's stems (SearchTerms; the first
// 500) and of their letters in threes, so that misspelt words count too. 0 without terms. Stable:
// what is stored stays comparable. Thread-safe.
uint64_t Fingerprint(absl::Span<const std::string> terms);

// How alike two texts with these fingerprints are, as the cosine that their bits estimate: about 0
// for texts that have nothing in common, 1 for equal ones. 0 when one of them has no words.
double FingerprintSimilarity(uint64_t a, uint64_t b);

}  // namespace veche::text
