#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/gateway/calls/answer_cache.h"
#include "services/gateway/calls/request_scope.h"

// Turns a serialised response into an HTTP answer. Thread-safe functions.

namespace veche::gateway {

// The answer to a successful call. Internal when the response has no JSON form.
absl::StatusOr<http::Response> MakeAnswer(const RequestScope& scope, absl::string_view wire);

// The same for the cache: body, ETag and compressed body in one string.
absl::StatusOr<AnswerCache::Packed> PackAnswer(const Endpoint& endpoint, absl::string_view wire);
// The answer to a request: 200 or 304, plain or compressed. `answer` points into `packed`.
http::Response MakeCachedAnswer(const http::Request& request, const Endpoint& endpoint,
                                const CachedAnswer& answer, const AnswerCache::Packed& packed);

}  // namespace veche::gateway
