#include "common/base/id.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "absl/strings/escaping.h"

namespace veche {
namespace {

constexpr absl::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kTimeCharacters = 10;
constexpr size_t kRandomCharacters = 16;

// Random bytes of one thread. One call of the generator takes as long for one id as for thirty.
class RandomBytes {
 public:
  void Fill(unsigned char* data, size_t size) {
    while (size > 0) {
      if (left_ == 0) Draw();
      const size_t some = std::min(size, left_);
      unsigned char* next = bytes_.data() + (kDrawn - left_);
      std::memcpy(data, next, some);
      OPENSSL_cleanse(next, some);  // no copy of a token stays here
      data += some;
      size -= some;
      left_ -= some;
    }
  }

 private:
  static constexpr size_t kDrawn = 512;

  // Without a random source no id or token is safe, so the process ends.
  void Draw() {
    if (RAND_bytes(bytes_.data(), static_cast<int>(kDrawn)) != 1) std::abort();
    left_ = kDrawn;
  }

  std::array<unsigned char, kDrawn> bytes_;
  size_t left_ = 0;
};

void FillRandom(unsigned char* data, size_t size) {
  static thread_local RandomBytes random;
  random.Fill(data, size);
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
