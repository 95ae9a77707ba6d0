#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Internal to model_file.cc: reads and writes numbers, texts and arrays in the machine's byte
// order, which must be little endian.

namespace veche::classification {

inline constexpr size_t kAlignment = 16;

class ByteWriter {
 public:
  template <typename T>
  void Put(const T& value) {
    static_assert(std::is_arithmetic_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void PutText(absl::string_view text) {
    Put(static_cast<uint32_t>(text.size()));
    out_.append(text.data(), text.size());
  }
  template <typename T>
  void PutAll(absl::Span<const T> values) {
    Put(static_cast<uint32_t>(values.size()));
    out_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  // An aligned array, which readers use in place.
  template <typename T>
  void PutArray(absl::Span<const T> values) {
    Put(static_cast<uint64_t>(values.size()));
    out_.resize((out_.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
    out_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// A read beyond the end fails, and so do all later reads; they return zero values.
class ByteReader {
 public:
  // REQUIRES: `bytes` starts at a multiple of kAlignment.
  explicit ByteReader(absl::string_view bytes) : all_(bytes) {}

  template <typename T>
  T Get() {
    T value{};
    if (Has(sizeof(T))) {
      std::memcpy(&value, all_.data() + at_, sizeof(T));
      at_ += sizeof(T);
    }
    return value;
  }
  std::string GetText() {
    const auto size = Get<uint32_t>();
    if (!Has(size)) return "";
    at_ += size;
    return std::string(all_.substr(at_ - size, size));
  }
  template <typename T>
  std::vector<T> GetAll() {
    const auto count = Get<uint32_t>();
    if (!Has(size_t{count} * sizeof(T))) return {};
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), all_.data() + at_, count * sizeof(T));
    at_ += count * sizeof(T);
    return values;
  }
  template <typename T>
  absl::Span<const T> GetArray() {
    const auto count = Get<uint64_t>();
    at_ = (at_ + kAlignment - 1) / kAlignment * kAlignment;
    if (count > all_.size() || !Has(count * sizeof(T))) return {};
    const auto* values = reinterpret_cast<const T*>(all_.data() + at_);
    at_ += count * sizeof(T);
    return {values, count};
  }

  bool ok() const { return ok_; }
  bool done() const { return ok_ && at_ == all_.size(); }

 private:
  bool Has(size_t bytes) {
    ok_ = ok_ && at_ <= all_.size() && bytes <= all_.size() - at_;
    return ok_;
  }

  absl::string_view all_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace veche::classification
