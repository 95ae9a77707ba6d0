#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/gateway/calls/answer_cache.h"
#include "services/gateway/calls/request_scope.h"

// From a response's wire bytes to an HTTP answer.

namespace veche::gateway {

// The answer to a call that succeeded. Internal errors (a response without a JSON form) become
// problems.
absl::StatusOr<http::Response> MakeAnswer(const RequestScope& scope, absl::string_view wire);

// The same for the cache: body, ETag and compressed body in one string.
absl::StatusOr<AnswerCache::Packed> PackAnswer(const Endpoint& endpoint, absl::string_view wire);
// The answer that `packed` makes for a request: 200 or 304, plain or compressed.
http::Response MakeCachedAnswer(const http::Request& request, const Endpoint& endpoint,
                                const AnswerCache::Packed& packed);

}  // namespace veche::gateway
