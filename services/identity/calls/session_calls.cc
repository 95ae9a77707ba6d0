#include "services/identity/calls/session_calls.h"

#include <utility>

namespace veche::identity {

rpc::SubscriberHubOptions EndedSessionHubOptions() {
  return {.full = absl::ResourceExhaustedError("Too many follow the sessions that end."),
          .stopped = absl::UnavailableError("Identity stops.")};
}

absl::Status SessionCalls::FollowEndedSessions(
    const rpc::Call& call, const v1::FollowEndedSessionsRequest&,
    std::shared_ptr<rpc::StreamWriter<v1::FollowEndedSessionsResponse>> writer) {
  auto stream = std::make_shared<EndedSessionStream>();
  stream->writer = std::move(writer);
  return hub_.Subscribe(call.principal().name, std::move(stream));
}

}  // namespace veche::identity
