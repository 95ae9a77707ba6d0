#include "common/api/contact.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace veche::api {
namespace {

constexpr size_t kMaxTyped = 320;      // longer input is refused
constexpr size_t kMaxAddress = 254;    // RFC 5321, 4.5.3.1.3
constexpr size_t kMaxLocalPart = 64;   // RFC 5321, 4.5.3.1.1
constexpr size_t kMaxLabel = 63;       // RFC 1035, 2.3.4
constexpr size_t kRussianDigits = 11;  // 7 and ten digits; the same in Kazakhstan

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-';
         });
}

bool IsAtom(absl::string_view atom) {
  return !atom.empty() && std::all_of(atom.begin(), atom.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-/=?^_`{|}~", c);
  });
}

std::optional<Contact> ParseEmail(absl::string_view text) {
  const size_t at = text.rfind('@');
  const absl::string_view local = text.substr(0, at);
  const std::string domain = absl::AsciiStrToLower(text.substr(at + 1));
  if (text.size() > kMaxAddress || local.size() > kMaxLocalPart) return std::nullopt;
  for (absl::string_view atom : absl::StrSplit(local, '.')) {
    if (!IsAtom(atom)) return std::nullopt;
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(domain, '.');
  if (labels.size() < 2 || !std::all_of(labels.begin(), labels.end(), IsLabel)) return std::nullopt;
  // A numeric last label is an IP address, not a domain.
  if (std::all_of(labels.back().begin(), labels.back().end(), absl::ascii_isdigit)) {
    return std::nullopt;
  }
  return Contact{Contact::Kind::kEmail, absl::StrCat(local, "@", domain)};
}

// The digits of an international number, or "" when `text` is not one.
std::string InternationalDigits(absl::string_view text) {
  std::string digits;
  const bool plus = absl::ConsumePrefix(&text, "+");
  for (char c : text) {
    if (absl::ascii_isdigit(c)) {
      digits.push_back(c);
    } else if (!absl::StrContains(" -.()", c)) {
      return "";
    }
  }
  if (plus) return digits;
  if (absl::StartsWith(digits, "00")) return digits.substr(2);
  if (digits.size() == kRussianDigits && (digits[0] == '8' || digits[0] == '7')) {
    return absl::StrCat("7", digits.substr(1));
  }
  if (digits.size() == kRussianDigits - 1 && digits[0] == '9') return absl::StrCat("7", digits);
  return "";
}

std::optional<Contact> ParsePhone(absl::string_view text) {
  const std::string digits = InternationalDigits(text);
  if (digits.size() < 8 || digits.size() > 15 || digits[0] == '0') return std::nullopt;
  if (digits[0] == '7' && digits.size() != kRussianDigits) return std::nullopt;
  return Contact{Contact::Kind::kPhone, absl::StrCat("+", digits)};
}

}  // namespace

std::optional<Contact> ParseContact(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.size() > kMaxTyped) return std::nullopt;
  return absl::StrContains(text, '@') ? ParseEmail(text) : ParsePhone(text);
}

absl::string_view KindName(Contact::Kind kind) {
  return kind == Contact::Kind::kEmail ? "EMAIL" : "PHONE";
}

Contact::Kind KindFromName(absl::string_view name) {
  return name == "EMAIL" ? Contact::Kind::kEmail : Contact::Kind::kPhone;
}

}  // namespace veche::api
