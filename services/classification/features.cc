#include "services/classification/features.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "common/text/stem.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxTokens = 2'000;
constexpr size_t kShortestGram = 2;
constexpr size_t kLongestGram = 5;

// FNV-1a, mixed so that all bits of the shorter result depend on all bytes.
uint32_t Hash(uint64_t state, absl::string_view bytes) {
  for (char c : bytes) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  state ^= state >> 32;
  state *= 0xd6e8feb86659fd93ull;
  return static_cast<uint32_t>(state >> 32);
}

constexpr uint64_t kWordSeed = 0xcbf29ce484222325ull;
constexpr uint64_t kPairSeed = 0x9ae16a3b2f90404full;
constexpr uint64_t kGramSeed = 0xc949d7c7509e6557ull;

// Numbers are alike: a house, a bus, a date say little by their digits.
std::string Root(const text::Token& token) {
  std::string root = text::Stem(token.folded);
  root.erase(
      std::unique(root.begin(), root.end(),
                  [](char a, char b) { return absl::ascii_isdigit(a) && absl::ascii_isdigit(b); }),
      root.end());
  for (char& c : root) {
    if (absl::ascii_isdigit(c)) c = '0';
  }
  return root;
}

void AddGrams(absl::string_view folded, uint32_t token, std::vector<Feature>& features) {
  std::string word = " ";
  word.append(folded.data(), folded.size());
  word.push_back(' ');
  std::vector<size_t> starts;  // of characters
  for (size_t i = 0; i < word.size(); ++i) {
    if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  starts.push_back(word.size());
  const size_t characters = starts.size() - 1;
  for (size_t length = kShortestGram; length <= kLongestGram && length <= characters; ++length) {
    for (size_t i = 0; i + length <= characters; ++i) {
      const absl::string_view gram(word.data() + starts[i], starts[i + length] - starts[i]);
      features.push_back({Hash(kGramSeed, gram) | 1u, token, token});
    }
  }
}

}  // namespace

FeatureText ExtractFeatures(absl::string_view text) {
  FeatureText result;
  result.tokens = text::Tokenize(text, kMaxTokens);
  result.features.reserve(result.tokens.size() * 24);
  std::string before;
  for (uint32_t i = 0; i < result.tokens.size(); ++i) {
    const std::string root = Root(result.tokens[i]);
    result.features.push_back({Hash(kWordSeed, root) & ~1u, i, i});
    if (i > 0) {
      before.push_back(' ');
      before.append(root);
      result.features.push_back({Hash(kPairSeed, before) & ~1u, i - 1, i});
    }
    AddGrams(result.tokens[i].folded, i, result.features);
    before = root;
  }
  return result;
}

}  // namespace veche::classification
