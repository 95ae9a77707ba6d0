#pragma once

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"

// Runs handlers with and without a Violations parameter. Private to rpc.

namespace veche::rpc {

template <typename Handlers, typename Request, typename Response>
absl::StatusOr<Response> Invoke(Handlers& handlers,
                                absl::StatusOr<Response> (Handlers::*method)(const Call&,
                                                                             const Request&),
                                const Call& call, const Request& request) {
  RETURN_IF_ERROR(call.violations().ToStatus());
  return (handlers.*method)(call, request);
}

// For a handler that adds its violations to the known ones and returns all of them before it
// changes anything.
template <typename Handlers, typename Request, typename Response>
absl::StatusOr<Response> Invoke(Handlers& handlers,
                                absl::StatusOr<Response> (Handlers::*method)(const Call&,
                                                                             const Request&,
                                                                             Violations),
                                const Call& call, const Request& request) {
  absl::StatusOr<Response> answer = (handlers.*method)(call, request, call.violations());
  // Invalid fields take precedence over any other error of the handler, such as NotFound.
  if (!call.violations().empty() && ErrorReason(answer.status()) != "INVALID_FIELDS") {
    return call.violations().ToStatus();
  }
  return answer;
}

}  // namespace veche::rpc
