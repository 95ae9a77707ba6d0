#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/gateway/calls/request_scope.h"

// The three kinds of streams between HTTP and gRPC. Each function starts a stream and returns. The
// next piece is read from one side only when the other side has taken the last, so that the
// gateway's memory stays bounded.

namespace veche::gateway {

struct StreamTimes {
  absl::Duration heartbeat;
  absl::Duration open;
};

// A server stream as text/event-stream (WHATWG HTML, server-sent events).
void StreamEventsOut(const ScopePtr& scope, std::string request, StreamTimes times,
                     ServerMetrics& metrics);

// A server stream of google.api.HttpBody as a file.
void StreamFileOut(const ScopePtr& scope, std::string request, absl::Duration timeout);

// A request's body as a client stream of google.api.HttpBody; the answer is that of a unary call.
void StreamFileIn(const ScopePtr& scope, int64_t limit, absl::Duration timeout);

}  // namespace veche::gateway
