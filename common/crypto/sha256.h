#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace veche::crypto {

// The 32 bytes of a SHA-256. Thread-safe.
std::string Sha256(absl::string_view text);

// A SHA-256 of what comes in pieces. For one thread at a time.
class Sha256Digest {
 public:
  Sha256Digest();
  ~Sha256Digest();
  void Add(absl::string_view piece);
  // The 32 bytes. Call it once, after the last piece.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veche::crypto
