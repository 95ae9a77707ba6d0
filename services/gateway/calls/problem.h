#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/texts.h"
#include "common/http/http.h"

// Errors as RFC 9457 problem documents:
// {"type", "title", "status", "detail", "code", "reason"?, "violations"?, "traceId"}.

namespace veche::gateway {

// Errors that more calls would make worse.
bool IsOverload(const absl::Status& status);

inline constexpr absl::string_view kProblemType = "application/problem+json";
inline constexpr absl::string_view kDomain = "gateway";

// The HTTP status of an error.
int HttpStatus(const absl::Status& status);
// "INVALID_ARGUMENT".
absl::string_view CodeName(absl::StatusCode code);

// The reader of a problem document.
struct ProblemContext {
  const Texts& texts;
  absl::string_view language;  // one of kLanguages
  absl::string_view trace_id;  // "": none
};

// The document, in the reader's language. Messages of errors on the server's side are replaced, so
// that no internal detail is published. `http_status` 0 means HttpStatus(status).
std::string ProblemJson(const absl::Status& status, const ProblemContext& context,
                        int http_status = 0);

// The whole answer, with WWW-Authenticate or Retry-After where they belong.
http::Response ProblemResponse(const absl::Status& status, const ProblemContext& context,
                               int http_status = 0);

// An error of the gateway itself; the reason decides the HTTP status. See MakeError.
absl::Status GatewayError(absl::StatusCode code, absl::string_view reason,
                          ErrorMetadata metadata = {}, absl::string_view text = "");

}  // namespace veche::gateway
