#include "services/gateway/json/base64.h"

#include <array>
#include <cstdint>

namespace veche::gateway::json {
namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeBase64Values() {
  std::array<int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (int i = 0; i < 64; ++i) values[static_cast<unsigned char>(kBase64[i])] = i;
  values['-'] = 62;
  values['_'] = 63;
  return values;
}
constexpr std::array<int8_t, 256> kBase64Values = MakeBase64Values();

}  // namespace

bool AppendBase64(absl::string_view text, Output& out) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return false;
  const size_t size = text.size() / 4 * 3 + (text.size() % 4 == 0 ? 0 : text.size() % 4 - 1);
  out.PutVarint(size);
  char* p = out.Need(size);
  uint32_t bits = 0;
  int count = 0;
  for (unsigned char c : text) {
    const int value = kBase64Values[c];
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      *p++ = static_cast<char>(bits >> count);
    }
  }
  out.Advance(p);
  return true;
}

void WriteBase64(absl::string_view bytes, Output& out) {
  char* p = out.Need((bytes.size() + 2) / 3 * 4 + 2);
  *p++ = '"';
  auto at = [&](size_t i) -> uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
  };
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *p++ = kBase64[bits >> 18];
    *p++ = kBase64[bits >> 12 & 63];
    *p++ = i + 1 < bytes.size() ? kBase64[bits >> 6 & 63] : '=';
    *p++ = i + 2 < bytes.size() ? kBase64[bits & 63] : '=';
  }
  *p++ = '"';
  out.Advance(p);
}

}  // namespace veche::gateway::json
