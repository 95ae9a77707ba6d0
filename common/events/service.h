#pragma once

#include <prometheus/gauge.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/worker.h"
#include "common/events/event_log.h"
#include "common/events/log_watch.h"
#include "common/observe/telemetry.h"
#include "common/rpc/service_builder.h"
#include "common/rpc/subscriber_hub.h"
#include "veche/events/v1/event_log.pb.h"

namespace veche::events {

// Feeds all followers of a log from one thread. A backlog is sent in pieces, each a stream of its
// own, so that it never outruns a follower's queue; the follower asks for the next piece.
// Thread-safe.
// Metrics by log: veche_event_log_followers; veche_event_log_hidden_seconds, EventLog::HiddenAge,
// on which to alert.
class FollowHub {
 public:
  using Writer = rpc::StreamWriter<v1::FollowResponse>;

  // `log` must outlive it.
  FollowHub(EventLog& log, const observe::Telemetry& telemetry);
  ~FollowHub() { Stop(); }

  // The handler of Follow. InvalidArgument for what is no cursor.
  absl::Status Follow(const rpc::Call& call, const v1::FollowRequest& request,
                      std::shared_ptr<Writer> writer);

  // Ends the streams with Unavailable and the thread.
  void Stop();

 private:
  struct Follower {
    std::shared_ptr<Writer> writer;
    std::string cursor;
    int sent = 0;       // messages of this stream's backlog
    bool over = false;  // nothing more is to be sent
  };

  absl::Duration Step();
  absl::StatusOr<size_t> FeedAll();
  void Send(Follower& follower, const std::vector<Event>& events);
  void Measure();

  EventLog& log_;
  const observe::Telemetry telemetry_;
  prometheus::Gauge& follower_count_;
  prometheus::Gauge& hidden_;
  rpc::SubscriberHub<std::string, Follower> followers_;  // by the name of the consumer

  // Of the thread alone.
  LogWatch watch_;
  bool failing_ = false;
  absl::Time measured_ = absl::InfinitePast();
  Worker worker_;
};

// The gRPC service EventLog, answered by the hub of the service's log. Stop the hub before the
// dispatcher.
rpc::ServiceBuilder BindEventLog(FollowHub& hub);

}  // namespace veche::events
