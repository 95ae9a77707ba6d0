#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/gateway/http/http.h"

// Errors as RFC 9457 problem documents:
// {"type", "title", "status", "detail", "code", "reason"?, "violations"?, "traceId"}.

namespace veche::gateway {

inline constexpr absl::string_view kProblemType = "application/problem+json";
inline constexpr absl::string_view kDomain = "gateway";

// The HTTP status of an error.
int HttpStatus(const absl::Status& status);
// "INVALID_ARGUMENT".
absl::string_view CodeName(absl::StatusCode code);

// The document. Messages of errors that are not the client's are replaced: nothing of a service's
// inside gets out. `http_status` 0: by HttpStatus.
std::string ProblemJson(const absl::Status& status, absl::string_view trace_id,
                        int http_status = 0);

// The whole answer, with WWW-Authenticate or Retry-After where they belong.
HttpResponse ProblemResponse(const absl::Status& status, absl::string_view trace_id,
                             int http_status = 0);

// An error of the gateway's own, with the HTTP status that the reason has.
absl::Status GatewayError(absl::StatusCode code, absl::string_view reason,
                          absl::string_view message);

}  // namespace veche::gateway
