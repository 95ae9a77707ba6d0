#include "services/directory/domain/phone_number.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/contact.h"

namespace veche::directory {
namespace {

constexpr size_t kMostBytes = 60;
constexpr size_t kLeastDigits = 2;
constexpr size_t kMostDigits = 15;
constexpr size_t kMostExtension = 8;

// The two parts of a number.
struct Parts {
  absl::string_view main;
  absl::string_view extension;  // as written; "" for none
};

std::optional<Parts> Split(absl::string_view number) {
  for (const absl::string_view mark : {"ext", "доб", "Доб", "#", ","}) {
    const size_t at = number.find(mark);
    if (at == absl::string_view::npos) continue;
    absl::string_view extension = number.substr(at + mark.size());
    absl::ConsumePrefix(&extension, ".");
    extension = absl::StripAsciiWhitespace(extension);
    if (extension.empty()) return std::nullopt;
    return Parts{absl::StripAsciiWhitespace(number.substr(0, at)), extension};
  }
  return Parts{absl::StripAsciiWhitespace(number), ""};
}

// The digits of a text of digits and `others`; nothing when it has another character.
std::optional<std::string> DigitsOf(absl::string_view text, absl::string_view others) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      digits += c;
    } else if (!absl::StrContains(others, c)) {
      return std::nullopt;
    }
  }
  return digits;
}

}  // namespace

bool IsPhoneNumber(absl::string_view number) {
  if (number.size() > kMostBytes) return false;
  const std::optional<Parts> parts = Split(number);
  if (!parts) return false;
  absl::string_view main = parts->main;
  absl::ConsumePrefix(&main, "+");
  const std::optional<std::string> digits = DigitsOf(main, " -.()");
  const std::optional<std::string> extension = DigitsOf(parts->extension, "");
  return digits && digits->size() >= kLeastDigits && digits->size() <= kMostDigits && extension &&
         extension->size() <= kMostExtension;
}

std::string TelLink(absl::string_view number) {
  const Parts parts = Split(number).value_or(Parts{number, ""});
  const std::optional<api::Contact> contact = api::ParseContact(parts.main);
  std::string link = contact && contact->kind == api::Contact::Kind::kPhone
                         ? absl::StrCat("tel:", contact->value)
                         : absl::StrCat("tel:", absl::StartsWith(parts.main, "+") ? "+" : "",
                                        DigitsOf(parts.main, "+ -.()").value_or(""));
  if (!parts.extension.empty()) absl::StrAppend(&link, ";ext=", parts.extension);
  return link;
}

}  // namespace veche::directory
