#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/rpc/subscriber_hub.h"
#include "veche/identity/v1/sessions.pb.h"

namespace veche::identity {

// An open stream of FollowEndedSessions.
struct EndedSessionStream {
  std::shared_ptr<rpc::StreamWriter<v1::FollowEndedSessionsResponse>> writer;
  bool begun = false;  // has got the sessions that had ended before it opened; the worker's own
};

// By the name of the follower.
using EndedSessionHub = rpc::SubscriberHub<std::string, EndedSessionStream>;

// Options with the errors of the hub.
rpc::SubscriberHubOptions EndedSessionHubOptions();

// Opens the streams that workers/ended_session_feed.h writes to. Thread-safe.
class SessionCalls {
 public:
  // `hub` must outlive it.
  explicit SessionCalls(EndedSessionHub& hub) : hub_(hub) {}

  absl::Status FollowEndedSessions(
      const rpc::Call& call, const v1::FollowEndedSessionsRequest& request,
      std::shared_ptr<rpc::StreamWriter<v1::FollowEndedSessionsResponse>> writer);

 private:
  EndedSessionHub& hub_;
};

}  // namespace veche::identity
