#include "common/text/fingerprint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <string>

#include "absl/strings/string_view.h"

namespace veche::text {
namespace {

constexpr size_t kBits = 64;
constexpr size_t kMostTerms = 500;
constexpr float kTermWeight = 3;
constexpr size_t kGramBytes = 6;  // three Cyrillic letters

// FNV-1a with a final mix, so that every bit is equally random. Never change it: hashes are stored.
uint64_t Hash(absl::string_view bytes) {
  uint64_t hash = 14695981039346656037u;
  for (char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdu;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53u;
  return hash ^ (hash >> 33);
}

}  // namespace

uint64_t Fingerprint(absl::Span<const std::string> terms) {
  std::array<float, kBits> sums{};
  const auto add = [&sums](absl::string_view feature, float weight) {
    const uint64_t hash = Hash(feature);
    for (size_t bit = 0; bit < kBits; ++bit) sums[bit] += (hash >> bit & 1) != 0 ? weight : -weight;
  };
  for (const std::string& term : terms.subspan(0, kMostTerms)) {
    add(term, kTermWeight);
    // A gram begins at a character, not at any byte.
    for (size_t i = 0; i + kGramBytes <= term.size(); ++i) {
      if ((static_cast<unsigned char>(term[i]) & 0xC0) == 0x80) continue;
      add(absl::string_view(term).substr(i, kGramBytes), 1);
    }
  }
  uint64_t fingerprint = 0;
  for (size_t bit = 0; bit < kBits; ++bit) fingerprint |= uint64_t{sums[bit] > 0} << bit;
  return fingerprint;
}

double FingerprintSimilarity(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return 0;
  const double differing = std::popcount(a ^ b) / static_cast<double>(kBits);
  return std::max(0.0, std::cos(std::numbers::pi * differing));
}

}  // namespace veche::text
