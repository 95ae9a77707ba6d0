#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

// The integers and strings of docs/polling-protocol.md, "Notation". Private to the protocol
// library.

namespace veche::polling::protocol {

template <size_t kBytes>
void AppendBigEndian(uint64_t value, std::string& out) {
  for (size_t i = kBytes; i > 0; --i) out += static_cast<char>((value >> (8 * (i - 1))) & 0xff);
}
inline void AppendU16(uint64_t value, std::string& out) { AppendBigEndian<2>(value, out); }
inline void AppendU64(uint64_t value, std::string& out) { AppendBigEndian<8>(value, out); }

// str(text). REQUIRES: text.size() < 2^16.
inline void AppendString(absl::string_view text, std::string& out) {
  AppendU16(text.size(), out);
  out.append(text.data(), text.size());
}

// Reads bytes from the front of any input. After a read beyond the end, everything reads as empty
// and ok() is false. Not thread-safe.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : left_(bytes) {}

  absl::string_view Take(size_t bytes) {
    if (bytes > left_.size()) {
      ok_ = false;
      left_ = {};
    }
    if (!ok_) return {};
    const absl::string_view taken = left_.substr(0, bytes);
    left_.remove_prefix(bytes);
    return taken;
  }
  uint64_t TakeBigEndian(size_t bytes) {
    uint64_t value = 0;
    for (const char c : Take(bytes)) value = (value << 8) | static_cast<unsigned char>(c);
    return value;
  }
  absl::string_view TakeString() { return Take(TakeBigEndian(2)); }
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && left_.empty(); }

 private:
  absl::string_view left_;
  bool ok_ = true;
};

}  // namespace veche::polling::protocol
