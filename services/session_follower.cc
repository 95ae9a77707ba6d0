#include "services/session_follower.h"

#include <algorithm>
#include <utility>

#include "common/api/metadata.h"
#include "common/api/timestamp.h"
#include "common/auth/token.h"
#include "common/observe/worker.h"
#include "veche/identity/v1/sessions.grpc.pb.h"

namespace veche {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
constexpr absl::Duration kClockSkew = absl::Minutes(1);

}  // namespace

SessionFollower::SessionFollower(rpc::Channels& channels, std::string service,
                                 auth::EndedSessions& ended, const observe::Telemetry& telemetry)
    : channels_(channels),
      service_(std::move(service)),
      ended_(ended),
      logger_(telemetry.logger),
      pause_(kFirstPause),
      worker_(observe::LoggedWorker("session-follower", telemetry), [this] { return Step(); }) {}

void SessionFollower::Stop() {
  worker_.RequestStop();
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  worker_.Stop();
}

absl::Duration SessionFollower::Step() {
  if (Follow()) pause_ = kFirstPause;
  return std::exchange(pause_, std::min(pause_ * 2, kLongestPause));
}

bool SessionFollower::Follow() {
  grpc::ClientContext context;
  context.AddMetadata(api::kServiceMetadata, service_);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return false;
    context_ = &context;
  }
  const auto identity = identity::v1::Sessions::NewStub(channels_.For("identity"));
  const auto stream = identity->FollowEndedSessions(&context, {});
  identity::v1::FollowEndedSessionsResponse response;
  bool any = false;
  while (stream->Read(&response)) {
    any = true;
    if (std::exchange(failing_, false)) logger_->Info("ended sessions are followed again");
    for (const identity::v1::EndedSession& session : response.sessions()) {
      ended_.Add(session.session(),
                 api::FromTimestamp(session.end_time()) + auth::kAccessTokenLifetime + kClockSkew);
    }
  }
  const grpc::Status status = stream->Finish();
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  if (!any && !stopping_ && !std::exchange(failing_, true)) {
    logger_->Warning("ended sessions not followed: their tokens count until they expire",
                     {{"error", status.error_message()}});
  }
  return any;
}

}  // namespace veche
