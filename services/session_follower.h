#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/ended_sessions.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/rpc/channels.h"

namespace veche {

// Follows identity's sessions that end, so that this process refuses their access tokens at once.
// While identity cannot be reached, a token counts until it expires, 15 minutes at most; the next
// stream begins with what was missed. Thread-safe.
class SessionFollower {
 public:
  // `service` is the name as which this process calls identity. The references must outlive the
  // follower.
  SessionFollower(rpc::Channels& channels, std::string service, auth::EndedSessions& ended,
                  const observe::Telemetry& telemetry);
  ~SessionFollower() { Stop(); }

  // Repeats are ignored. Call it when the first token is verified: earlier there is nothing to
  // refuse, and a connection that is tried before identity has started makes later calls fail.
  void Start() { worker_.Start(); }
  void Stop();

 private:
  absl::Duration Step();
  // Follows until the stream ends; returns whether it brought anything.
  bool Follow();

  rpc::Channels& channels_;
  const std::string service_;
  auth::EndedSessions& ended_;
  const std::shared_ptr<observe::Logger> logger_;
  absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;  // of the open stream
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration pause_;
  bool failing_ = false;
  Worker worker_;
};

}  // namespace veche
