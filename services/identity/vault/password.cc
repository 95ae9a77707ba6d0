#include "services/identity/vault/password.h"

#include <argon2.h>

#include <cstdlib>

#include "common/crypto/random.h"
#include "services/identity/domain/errors.h"

namespace veche::identity {
namespace {

constexpr size_t kSaltBytes = 16;
constexpr size_t kHashBytes = 32;
constexpr int kLanes = 1;

}  // namespace

// One of the `at_once` slots; the constructor waits for a free one.
class Passwords::Slot {
 public:
  explicit Slot(Passwords& passwords) : passwords_(passwords) {
    absl::MutexLock lock(&passwords_.mutex_);
    if (!passwords_.MayRun() && passwords_.waiting_ >= passwords_.options_.waiting) return;
    ++passwords_.waiting_;
    passwords_.mutex_.Await(absl::Condition(&passwords_, &Passwords::MayRun));
    --passwords_.waiting_;
    ++passwords_.running_;
    taken_ = true;
  }
  ~Slot() {
    if (!taken_) return;
    absl::MutexLock lock(&passwords_.mutex_);
    --passwords_.running_;
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  bool taken() const { return taken_; }

 private:
  Passwords& passwords_;
  bool taken_ = false;
};

Passwords::Passwords(PasswordOptions options)
    : options_(options), unknown_login_hash_(Compute(crypto::RandomBytes(32))) {}

absl::StatusOr<std::string> Passwords::Hash(absl::string_view password) {
  const Slot slot(*this);
  if (!slot.taken()) return TooManySignIns();
  return Compute(password);
}

absl::StatusOr<bool> Passwords::Verify(absl::string_view password, absl::string_view hash) {
  const Slot slot(*this);
  if (!slot.taken()) return TooManySignIns();
  const std::string& encoded = hash.empty() ? unknown_login_hash_ : std::string(hash);
  const bool fits = argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
  return fits && !hash.empty();
}

std::string Passwords::Compute(absl::string_view password) const {
  const std::string salt = crypto::RandomBytes(kSaltBytes);
  std::string encoded(argon2_encodedlen(options_.passes, options_.memory_kib, kLanes, kSaltBytes,
                                        kHashBytes, Argon2_id),
                      '\0');
  if (argon2id_hash_encoded(options_.passes, options_.memory_kib, kLanes, password.data(),
                            password.size(), salt.data(), salt.size(), kHashBytes, encoded.data(),
                            encoded.size()) != ARGON2_OK) {
    std::abort();  // out of memory
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

}  // namespace veche::identity
