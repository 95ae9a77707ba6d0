#include "common/base/id.h"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace veche {
namespace {

constexpr absl::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kTimeCharacters = 10;
constexpr size_t kRandomCharacters = 16;

// Without a random source nothing here is safe, so there is nothing to go on with.
void FillRandom(unsigned char* data, size_t size) {
  if (RAND_bytes(data, static_cast<int>(size)) != 1) std::abort();
}

}  // namespace

std::string UlidSource::NewAt(absl::Time time) {
  std::string id(kTimeCharacters + kRandomCharacters, '0');
  uint64_t millis = static_cast<uint64_t>(absl::ToUnixMillis(time));
  for (size_t i = kTimeCharacters; i-- > 0; millis >>= 5) id[i] = kAlphabet[millis & 31];
  std::array<unsigned char, kRandomCharacters> random;
  FillRandom(random.data(), random.size());
  for (size_t i = 0; i < random.size(); ++i) id[kTimeCharacters + i] = kAlphabet[random[i] & 31];
  return id;
}

bool IsUlid(absl::string_view id) {
  return id.size() == kTimeCharacters + kRandomCharacters && id[0] <= '7' &&
         id.find_first_not_of(kAlphabet) == absl::string_view::npos;
}

absl::StatusOr<absl::Time> UlidTime(absl::string_view id) {
  if (!IsUlid(id)) return absl::InvalidArgumentError("not a ULID");
  int64_t millis = 0;
  for (char c : id.substr(0, kTimeCharacters)) {
    millis = millis << 5 | static_cast<int64_t>(kAlphabet.find(c));
  }
  return absl::FromUnixMillis(millis);
}

std::string RandomToken(size_t bytes) {
  std::string random(bytes, '\0');
  FillRandom(reinterpret_cast<unsigned char*>(random.data()), random.size());
  return absl::WebSafeBase64Escape(random);
}

}  // namespace veche
