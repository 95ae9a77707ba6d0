#include "common/text/file_encoding.h"

#include <unicode/ucnv.h>

#include "absl/strings/strip.h"
#include "common/text/utf8.h"

namespace veche::text {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kMostBytesPerCharacter = 3;  // of what Windows-1251 has, in UTF-8

std::string FromWindows1251(absl::string_view bytes) {
  std::string text(bytes.size() * kMostBytesPerCharacter + 1, '\0');
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size =
      ucnv_convert("UTF-8", "windows-1251", text.data(), static_cast<int32_t>(text.size()),
                   bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  if (U_FAILURE(error)) return ScrubUtf8(bytes);
  text.resize(static_cast<size_t>(size));
  return text;
}

}  // namespace

std::string DecodeFile(absl::string_view bytes) {
  if (!IsValidUtf8(bytes)) return FromWindows1251(bytes);
  return std::string(absl::StripPrefix(bytes, kByteOrderMark));
}

}  // namespace veche::text
