#include "services/appeals/domain/keys.h"

#include <algorithm>

#include "common/base/id.h"
#include "common/base/stable_hash.h"

namespace veche::appeals {
namespace {

constexpr int kRandomBits = 21;
constexpr absl::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

int64_t TimeKey(absl::string_view id) {
  if (!IsUlid(id)) return 0;
  // Ten digits of milliseconds, then the random ones: 5 bits each; 15 digits fit 75 bits, of which
  // the lowest 42 + 21 = 63 matter.
  uint64_t value = 0;
  for (char digit : id.substr(0, 10)) value = value << 5 | kAlphabet.find(digit);
  value &= (uint64_t{1} << 42) - 1;
  uint64_t random = 0;
  for (char digit : id.substr(10, 5)) random = random << 5 | kAlphabet.find(digit);
  return static_cast<int64_t>(value << kRandomBits | random >> (25 - kRandomBits));
}

int64_t FirstTimeKeyAt(absl::Time time) {
  const int64_t millis = absl::ToUnixMillis(time + absl::Milliseconds(1) - absl::Nanoseconds(1));
  return std::clamp<int64_t>(millis, 0, (int64_t{1} << 42) - 1) << kRandomBits;
}

absl::Time WholeMillis(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

absl::Time WholeMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

int64_t TermKey(absl::string_view term) {
  // With a final mix; the value is stored, so it must not change between versions.
  uint64_t hash = StableHash(term);
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15u;
  return static_cast<int64_t>(hash ^ hash >> 29);
}

}  // namespace veche::appeals
