#pragma once

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"

// How handlers meet violations. Private to rpc.

namespace veche::rpc {

template <typename Handlers, typename Request, typename Response>
absl::StatusOr<Response> Invoke(Handlers& handlers,
                                absl::StatusOr<Response> (Handlers::*method)(const Call&,
                                                                             const Request&),
                                const Call& call, const Request& request) {
  RETURN_IF_ERROR(call.violations().ToStatus());
  return (handlers.*method)(call, request);
}

// A handler that adds its violations to those that are known, and returns them before it does
// anything.
template <typename Handlers, typename Request, typename Response>
absl::StatusOr<Response> Invoke(Handlers& handlers,
                                absl::StatusOr<Response> (Handlers::*method)(const Call&,
                                                                             const Request&,
                                                                             Violations),
                                const Call& call, const Request& request) {
  absl::StatusOr<Response> answer = (handlers.*method)(call, request, call.violations());
  // Whatever else came first, such as that there is no such appeal: the fields are wrong.
  if (!call.violations().empty() && ErrorReason(answer.status()) != "INVALID_FIELDS") {
    return call.violations().ToStatus();
  }
  return answer;
}

}  // namespace veche::rpc
