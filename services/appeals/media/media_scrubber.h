#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/blob/store.h"

// Private to the media filter: what removes the metadata of one format.

namespace veche::appeals {

class MediaScrubber {
 public:
  virtual ~MediaScrubber() = default;
  virtual absl::Status Append(absl::string_view bytes) = 0;
  virtual absl::Status Finish() = 0;
};

// All begin at the first byte of the file; `out` must outlive them.
std::unique_ptr<MediaScrubber> MakeJpegScrubber(blob::Writer& out);
std::unique_ptr<MediaScrubber> MakePngScrubber(blob::Writer& out);
std::unique_ptr<MediaScrubber> MakeWebpScrubber(blob::Writer& out);
std::unique_ptr<MediaScrubber> MakeMp4Scrubber(blob::Writer& out);

// FILE_DAMAGED: "The JPEG file is damaged: it is cut off."
absl::Status FileDamaged(absl::string_view format, absl::string_view what);

// Collects the next bytes of a file that comes in pieces.
class Gather {
 public:
  // Moves bytes over from `input` until there are `count`; false when it gave out before.
  bool Until(size_t count, absl::string_view& input) {
    if (bytes_.size() < count) {
      size_t taken = std::min(count - bytes_.size(), input.size());
      bytes_.append(input.data(), taken);
      input.remove_prefix(taken);
    }
    return bytes_.size() >= count;
  }
  std::string& bytes() { return bytes_; }
  uint8_t Byte(size_t index) const { return static_cast<uint8_t>(bytes_[index]); }
  bool empty() const { return bytes_.empty(); }
  void Clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

// The first `count` bytes of `input`, or all there are, taken away from it.
inline absl::string_view TakePrefix(uint64_t count, absl::string_view& input) {
  absl::string_view prefix = input.substr(0, std::min<uint64_t>(count, input.size()));
  input.remove_prefix(prefix.size());
  return prefix;
}

// Big-endian and little-endian numbers at `offset`. REQUIRES: the bytes are there.
inline uint32_t Big(absl::string_view bytes, size_t offset, size_t count) {
  uint32_t number = 0;
  for (size_t i = 0; i < count; ++i) number = number << 8 | static_cast<uint8_t>(bytes[offset + i]);
  return number;
}
inline uint32_t Little(absl::string_view bytes, size_t offset, size_t count) {
  uint32_t number = 0;
  for (size_t i = count; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[offset + i]);
  return number;
}

}  // namespace veche::appeals
