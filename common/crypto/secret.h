#pragma once

#include <openssl/crypto.h>

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace veche::crypto {

// Secret bytes that are overwritten in memory when their owner is destroyed. Movable, not copyable.
class Secret {
 public:
  // Takes over the buffer of `bytes`.
  explicit Secret(std::string&& bytes) : bytes_(std::move(bytes)) { Cleanse(bytes); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { Cleanse(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    bytes_.swap(other.bytes_);
    return *this;
  }
  ~Secret() { Cleanse(bytes_); }

  absl::string_view view() const { return bytes_; }

 private:
  // A string that was moved from may hold the bytes still, within the string object itself.
  static void Cleanse(std::string& bytes) {
    bytes.resize(bytes.capacity());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
  }

  std::string bytes_;
};

}  // namespace veche::crypto
