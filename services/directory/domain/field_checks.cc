#include "services/directory/domain/field_checks.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace veche::directory {
namespace {

constexpr size_t kMaxTitleBytes = 400;
constexpr size_t kMaxTextBytes = 8'000;
constexpr size_t kMaxLinkBytes = 1'000;

bool IsControl(char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); }

bool IsLanguage(absl::string_view tag) {
  return tag.size() >= 2 && tag.size() <= 35 && absl::ascii_islower(tag[0]) &&
         std::all_of(tag.begin(), tag.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
}

// Links contain neither spaces nor control characters; letters of other alphabets are accepted.
bool IsLink(absl::string_view link) {
  return link.size() <= kMaxLinkBytes && std::none_of(link.begin(), link.end(), [](char c) {
           return IsControl(c) || absl::StrContains(" \"<>\\`", c);
         });
}

// The scheme in lower case; "" when there is none.
std::string SchemeOf(absl::string_view link) {
  const size_t colon = link.find(':');
  if (colon == absl::string_view::npos || colon == 0 || !absl::ascii_isalpha(link[0])) return "";
  const std::string scheme = absl::AsciiStrToLower(link.substr(0, colon));
  const bool fits = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("+-.", c);
  });
  return fits ? scheme : "";
}

}  // namespace

void FieldChecks::Add(absl::string_view field, const Text& problem) const {
  violations_.Add(absl::StrCat(prefix_, field), problem);
}

void FieldChecks::CheckTitle(absl::string_view field, absl::string_view text) const {
  if (absl::StripAsciiWhitespace(text).empty()) {
    Add(field, "MUST_NOT_BE_EMPTY");
  } else {
    CheckLine(field, text);
  }
}

void FieldChecks::CheckLine(absl::string_view field, absl::string_view text) const {
  if (text.size() > kMaxTitleBytes) {
    Add(field, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMaxTitleBytes)}}});
  } else if (std::any_of(text.begin(), text.end(), IsControl)) {
    Add(field, "CONTROL_CHARACTER");
  }
}

void FieldChecks::CheckText(absl::string_view field, absl::string_view text) const {
  if (text.size() > kMaxTextBytes) {
    Add(field, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMaxTextBytes)}}});
  } else if (std::any_of(text.begin(), text.end(),
                         [](char c) { return IsControl(c) && c != '\n'; })) {
    Add(field, "CONTROL_CHARACTER");
  }
}

bool FieldChecks::CheckLanguage(const std::string& field, absl::string_view language) const {
  if (IsLanguage(language)) return true;
  Add(field, "LANGUAGE_TAG");
  return false;
}

void FieldChecks::CheckTitles(absl::string_view field, const Titles& titles) const {
  for (const auto& [language, title] : titles) {
    const std::string path = absl::StrCat(field, ".", language);
    if (CheckLanguage(path, language)) CheckTitle(path, title);
  }
}

void FieldChecks::CheckTexts(absl::string_view field, const Titles& texts) const {
  for (const auto& [language, text] : texts) {
    const std::string path = absl::StrCat(field, ".", language);
    if (CheckLanguage(path, language)) CheckText(path, text);
  }
}

void FieldChecks::CheckId(absl::string_view field, absl::string_view id) const {
  if (!IsValidId(id)) Add(field, "ROW_ID");
}

void FieldChecks::CheckWebLink(absl::string_view field, absl::string_view link) const {
  const std::string scheme = SchemeOf(link);
  const absl::string_view rest = link.substr(std::min(link.size(), scheme.size()));
  if ((scheme != "http" && scheme != "https") || !absl::StartsWith(rest, "://") ||
      rest.size() == 3 || !IsLink(link)) {
    Add(field, "WEB_LINK");
  }
}

void FieldChecks::CheckAppLink(absl::string_view field, absl::string_view link) const {
  const std::string scheme = SchemeOf(link);
  if (scheme.empty() || !IsLink(link) || link.size() == scheme.size() + 1 ||
      scheme == "javascript" || scheme == "data" || scheme == "vbscript" || scheme == "file") {
    Add(field, "APP_LINK");
  }
}

void FieldChecks::CheckCount(absl::string_view field, size_t count, size_t most) const {
  if (count > most) Add(field, {"TOO_MANY", {{"most", absl::StrCat(most)}}});
}

}  // namespace veche::directory
