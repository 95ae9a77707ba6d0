#pragma once

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace veche::text {

// 64 bits that are similar for similar texts: a SimHash of a text's stems (SearchTerms; the first
// 500) and of all parts of six bytes (three Cyrillic letters) in them, so that misspelt words count
// too. 0 without terms. Stable: stored fingerprints stay comparable. Thread-safe.
uint64_t Fingerprint(absl::Span<const std::string> terms);

// The similarity of two texts with these fingerprints, 0..1, as the cosine that the bits estimate:
// about 0 for texts with nothing in common, 1 for equal texts; 0 when one fingerprint is 0.
// Thread-safe.
double FingerprintSimilarity(uint64_t a, uint64_t b);

}  // namespace veche::text
