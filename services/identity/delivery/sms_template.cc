#include "services/identity/delivery/sms_template.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace veche::identity {
namespace {

std::string EscapeJson(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      escaped.push_back('\\');
      escaped.push_back(c);
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppend(&escaped, "\\u", absl::Hex(static_cast<int>(c), absl::kZeroPad4));
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string EscapeForm(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        absl::string_view("-._~").find(c) != absl::string_view::npos) {
      escaped.push_back(c);
    } else {
      absl::StrAppend(&escaped, "%",
                      absl::AsciiStrToUpper(
                          absl::StrCat(absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2))));
    }
  }
  return escaped;
}

}  // namespace

std::string FillSmsTemplate(absl::string_view form, bool json, const OutgoingMessage& message) {
  const auto escape = [&](absl::string_view value) {
    return json ? EscapeJson(value) : EscapeForm(value);
  };
  return absl::StrReplaceAll(form, {{"{phone}", escape(message.to.value)},
                                    {"{text}", escape(message.body)},
                                    {"{id}", escape(message.key)}});
}

}  // namespace veche::identity
