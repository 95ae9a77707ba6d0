#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/base/optimization.h"
#include "absl/strings/string_view.h"

// The bytes of the protobuf wire format, and the buffer that both directions write to. Internal to
// this folder.

namespace veche::gateway::json {

// How deep messages may nest: what protobuf's own parser takes.
constexpr int kMaxDepth = 100;

enum WireType : uint32_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

// Appends to a string without the cost of std::string's bookkeeping at each byte. The string is
// longer than what was written until Commit() or Rollback(), one of which must be called.
class Output {
 public:
  Output(std::string* target, size_t guess) : target_(*target), start_(target->size()) {
    Resize(start_, start_ + guess);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Commit() { target_.resize(size()); }
  void Rollback() { target_.resize(start_); }

  // Where the next byte goes, counted from the start of the string.
  size_t size() const { return cursor_ - target_.data(); }
  char& operator[](size_t at) { return target_[at]; }
  absl::string_view From(size_t at) const { return {target_.data() + at, size() - at}; }
  void Truncate(size_t at) { cursor_ = target_.data() + at; }

  // Makes room for `bytes` bytes and returns its start: write there, then Advance to the end of the
  // written bytes.
  char* Need(size_t bytes) {
    if (ABSL_PREDICT_FALSE(static_cast<size_t>(end_ - cursor_) < bytes)) Grow(bytes);
    return cursor_;
  }
  void Advance(char* to) { cursor_ = to; }

  void Put(char c) {
    *Need(1) = c;
    ++cursor_;
  }
  void Put(absl::string_view text) {
    std::memcpy(Need(text.size()), text.data(), text.size());
    cursor_ += text.size();
  }
  void PutVarint(uint64_t value) {
    char* p = Need(10);
    for (; value >= 0x80; value >>= 7) *p++ = static_cast<char>(value | 0x80);
    *p++ = static_cast<char>(value);
    cursor_ = p;
  }
  template <typename T>
  void PutFixed(T value) {  // the wire is little-endian, as are all machines we run on
    std::memcpy(Need(sizeof(T)), &value, sizeof(T));
    cursor_ += sizeof(T);
  }

  // Call BeginLength before and EndLength after writing bytes that their length precedes. One byte
  // is reserved for the length, because most lengths are short; EndLength moves the bytes when the
  // length is longer.
  size_t BeginLength() {
    Put('\0');
    return size();
  }
  void EndLength(size_t begin) {
    const size_t length = size() - begin;
    if (ABSL_PREDICT_FALSE(length >= 0x80)) return EndLongLength(begin, length);
    target_[begin - 1] = static_cast<char>(length);
  }

 private:
  void EndLongLength(size_t begin, size_t length) {
    size_t extra = 0;
    for (size_t rest = length >> 7; rest != 0; rest >>= 7) ++extra;
    Need(extra);
    char* at = target_.data() + begin;
    std::memmove(at + extra, at, length);
    cursor_ = at - 1;
    PutVarint(length);
    cursor_ += length;
  }
  void Grow(size_t bytes) {
    const size_t at = size();
    Resize(at, at + at / 2 + bytes + 64);
  }
  void Resize(size_t at, size_t size) {
    target_.resize(size);
    cursor_ = target_.data() + at;
    end_ = target_.data() + size;
  }

  std::string& target_;
  const size_t start_;
  char* cursor_;
  char* end_;
};

// Reads wire bytes. Each function moves the reader past what it read and returns true, or returns
// false when the bytes are malformed; the reader must not be used then.
class WireReader {
 public:
  explicit WireReader(absl::string_view wire) : at_(wire.data()), end_(at_ + wire.size()) {}
  WireReader(const char* at, const char* end) : at_(at), end_(end) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return at_; }
  const char* end() const { return end_; }

  bool Varint(uint64_t* value) {
    if (ABSL_PREDICT_TRUE(at_ < end_ && static_cast<signed char>(*at_) >= 0)) {
      *value = static_cast<unsigned char>(*at_++);
      return true;
    }
    return LongVarint(value);
  }
  bool Tag(uint32_t* number, uint32_t* type) {
    uint64_t tag;
    if (!Varint(&tag) || tag > UINT32_MAX || (tag >> 3) == 0) return false;
    *number = static_cast<uint32_t>(tag >> 3);
    *type = tag & 7;
    return true;
  }
  template <typename T>
  bool Fixed(T* value) {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) return false;
    std::memcpy(value, at_, sizeof(T));
    at_ += sizeof(T);
    return true;
  }
  bool Bytes(absl::string_view* bytes) {
    uint64_t length;
    if (!Varint(&length) || length > static_cast<size_t>(end_ - at_)) return false;
    *bytes = {at_, static_cast<size_t>(length)};
    at_ += length;
    return true;
  }
  // Skips the value of a field of any wire type.
  bool Skip(uint32_t number, uint32_t type, int depth = 0) {
    uint64_t varint;
    absl::string_view bytes;
    switch (type) {
      case kVarint:
        return Varint(&varint);
      case kBytes:
        return Bytes(&bytes);
      case kFixed64:
        return Fixed(&varint);
      case kFixed32: {
        uint32_t fixed;
        return Fixed(&fixed);
      }
      case kStartGroup:
        return SkipGroup(number, depth + 1);
      default:
        return false;
    }
  }

 private:
  bool LongVarint(uint64_t* value) {
    uint64_t result = 0;
    const char* p = at_;
    for (int shift = 0; shift < 70; shift += 7) {
      if (p == end_) return false;
      const uint64_t byte = static_cast<unsigned char>(*p++);
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        at_ = p;
        *value = result;
        return true;
      }
    }
    return false;
  }
  bool SkipGroup(uint32_t group, int depth) {
    if (depth > kMaxDepth) return false;
    while (!done()) {
      uint32_t number, type;
      if (!Tag(&number, &type)) return false;
      if (type == kEndGroup) return number == group;
      if (!Skip(number, type, depth)) return false;
    }
    return false;
  }

  const char* at_;
  const char* end_;
};

inline uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
}

}  // namespace veche::gateway::json
