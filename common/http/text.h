#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Small pieces of HTTP text.

namespace veche::http {

// Headers of every answer. An HTML page adds a Content-Security-Policy, which none of these
// contains.
inline constexpr absl::string_view kSecurityHeaders =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n";

// "Not Found".
absl::string_view StatusText(int status);
// IMF-fixdate (RFC 9110, 5.6.7).
std::string FormatDate(absl::Time time);

// Decodes %XX; with `plus`, "+" is a space. InvalidArgument when an escape is broken, or the result
// holds NUL or is not UTF-8; the message is the id of a text (common/base/texts.h).
absl::StatusOr<std::string> PercentDecode(absl::string_view text, bool plus);

// Whether `header` (Accept) allows the media type; an absent one allows all.
bool Accepts(absl::string_view header, absl::string_view media_type);
// Whether `header` (Accept-Encoding) names gzip with a quality above zero.
bool AcceptsGzip(absl::string_view header);
// The language of kLanguages that `header` (Accept-Language) prefers, by primary subtag; "" when
// the header names none of them.
absl::string_view PreferredLanguage(absl::string_view header);
// Whether `content_type` is application/json, in UTF-8 if it names a charset.
bool IsJson(absl::string_view content_type);

// Whether any of `header`'s entity tags (If-None-Match, If-Match) is `etag` (with its quotes), by
// weak comparison.
bool MatchesEtag(absl::string_view header, absl::string_view etag);
// The text between the quotes of a header with exactly one entity tag; otherwise InvalidArgument,
// whose message is the id of a text.
absl::StatusOr<std::string> SingleEtag(absl::string_view header);

// True for printable ASCII only, which gRPC metadata can carry.
bool IsPrintable(absl::string_view text);

}  // namespace veche::http
