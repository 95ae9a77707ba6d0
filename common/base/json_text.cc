#include "common/base/json_text.h"

#include "absl/strings/str_cat.h"

namespace veche {

JsonText& JsonText::Key(absl::string_view name) {
  Separate();
  Quote(name);
  text_ += ':';
  after_key_ = true;
  return *this;
}

JsonText& JsonText::String(absl::string_view text) {
  Separate();
  Quote(text);
  return *this;
}

JsonText& JsonText::Number(int64_t value) {
  Separate();
  absl::StrAppend(&text_, value);
  return *this;
}

JsonText& JsonText::Bool(bool value) { return Raw(value ? "true" : "false"); }

JsonText& JsonText::Raw(absl::string_view json) {
  Separate();
  text_.append(json.data(), json.size());
  return *this;
}

JsonText& JsonText::Open(char bracket) {
  Separate();
  text_ += bracket;
  first_ = true;
  return *this;
}

JsonText& JsonText::Close(char bracket) {
  text_ += bracket;
  first_ = false;
  return *this;
}

void JsonText::Separate() {
  if (!after_key_ && !first_) text_ += ',';
  after_key_ = false;
  first_ = false;
}

void JsonText::Quote(absl::string_view text) {
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (c == '\n') {
      text_ += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&text_, "\\u", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad4));
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

}  // namespace veche
