#include "common/http/text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/texts.h"

namespace veche::http {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = absl::ascii_tolower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Shortest form, no surrogates, at most U+10FFFF.
bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t at) -> uint32_t {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
    };
    const uint32_t lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const int length = lead >= 0xF5   ? 0
                       : lead >= 0xF0 ? 4
                       : lead >= 0xE0 ? 3
                       : lead >= 0xC2 ? 2
                                      : 0;
    if (length == 0) return false;
    uint32_t point = lead & (0x7F >> length);
    for (int j = 1; j < length; ++j) {
      if ((byte(i + j) & 0xC0) != 0x80) return false;
      point = point << 6 | (byte(i + j) & 0x3F);
    }
    constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
      return false;
    }
    i += length;
  }
  return true;
}

// The quality of a list's item: "text/html;q=0.5" → 0.5; `name` is set to the part before it.
double Quality(absl::string_view item, absl::string_view& name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(item, ';');
  name = absl::StripAsciiWhitespace(parts[0]);
  double quality = 1;
  for (size_t i = 1; i < parts.size(); ++i) {
    absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (absl::ConsumePrefix(&parameter, "q=") || absl::ConsumePrefix(&parameter, "Q=")) {
      if (!absl::SimpleAtod(parameter, &quality)) quality = 0;
    }
  }
  return quality;
}

absl::string_view StripWeak(absl::string_view etag) {
  absl::ConsumePrefix(&etag, "W/");
  return etag;
}

}  // namespace

absl::string_view StatusText(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

std::string FormatDate(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time, absl::UTCTimeZone());
}

absl::StatusOr<std::string> PercentDecode(absl::string_view text, bool plus) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return absl::InvalidArgumentError("PERCENT_ENCODING");
      }
      c = static_cast<char>(high << 4 | low);
      i += 2;
    } else if (plus && c == '+') {
      c = ' ';
    }
    if (c == '\0') return absl::InvalidArgumentError("NUL_CHARACTER");
    result += c;
  }
  if (!IsUtf8(result)) return absl::InvalidArgumentError("NOT_UTF8");
  return result;
}

bool Accepts(absl::string_view header, absl::string_view media_type) {
  if (absl::StripAsciiWhitespace(header).empty()) return true;
  const absl::string_view type = media_type.substr(0, media_type.find('/'));
  // The most specific range decides: type/subtype, type/*, */*.
  int best = 0;
  double result = 0;
  for (absl::string_view item : absl::StrSplit(header, ',')) {
    absl::string_view name;
    const double quality = Quality(item, name);
    int specific = 0;
    if (absl::EqualsIgnoreCase(name, media_type)) {
      specific = 3;
    } else if (absl::EqualsIgnoreCase(name, absl::StrCat(type, "/*"))) {
      specific = 2;
    } else if (name == "*/*") {
      specific = 1;
    }
    if (specific > best) {
      best = specific;
      result = quality;
    }
  }
  return result > 0;
}

bool AcceptsGzip(absl::string_view header) {
  if (header.empty()) return false;
  for (absl::string_view item : absl::StrSplit(header, ',')) {
    absl::string_view name;
    if (Quality(item, name) > 0 && absl::EqualsIgnoreCase(name, "gzip")) return true;
  }
  return false;
}

absl::string_view PreferredLanguage(absl::string_view header) {
  absl::string_view best;
  double best_quality = 0;
  for (absl::string_view item : absl::StrSplit(header, ',', absl::SkipEmpty())) {
    absl::string_view range;
    const double quality = Quality(item, range);
    if (quality <= best_quality) continue;
    for (const absl::string_view language : kLanguages) {
      if (absl::EqualsIgnoreCase(range.substr(0, range.find('-')), language)) {
        best = language;
        best_quality = quality;
      }
    }
  }
  return best;
}

bool IsJson(absl::string_view content_type) {
  if (content_type.empty()) return false;
  const std::vector<absl::string_view> parts = absl::StrSplit(content_type, ';');
  if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts[0]), "application/json")) {
    return false;
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    std::string parameter = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[i]));
    parameter.erase(std::remove(parameter.begin(), parameter.end(), '"'), parameter.end());
    if (absl::StartsWith(parameter, "charset=") && parameter != "charset=utf-8" &&
        parameter != "charset=utf8") {
      return false;
    }
  }
  return true;
}

bool MatchesEtag(absl::string_view header, absl::string_view etag) {
  for (absl::string_view item : absl::StrSplit(header, ',')) {
    item = absl::StripAsciiWhitespace(item);
    if (item == "*" || StripWeak(item) == StripWeak(etag)) return true;
  }
  return false;
}

absl::StatusOr<std::string> SingleEtag(absl::string_view header) {
  absl::string_view text = StripWeak(absl::StripAsciiWhitespace(header));
  if (text.size() < 2 || !absl::ConsumePrefix(&text, "\"") || !absl::ConsumeSuffix(&text, "\"") ||
      absl::StrContains(text, '"')) {
    return absl::InvalidArgumentError("ETAG_FORM");
  }
  return std::string(text);
}

bool IsPrintable(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace veche::http
