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

// Sends the events of a log to all its followers from one thread. A long backlog is sent in pieces,
// each in a stream of its own that ends with OK, so that the backlog never overflows a stream's
// queue; the follower then opens the next stream. Thread-safe.
// Metrics by log: veche_event_log_followers; veche_event_log_hidden_seconds (EventLog::HiddenAge;
// set an alert on it).
class FollowHub {
 public:
  using Writer = rpc::StreamWriter<v1::FollowResponse>;

  // `log` must outlive the hub.
  FollowHub(EventLog& log, const observe::Telemetry& telemetry);
  ~FollowHub() { Stop(); }

  // Handles Follow. InvalidArgument for a malformed cursor; ResourceExhausted when there are too
  // many followers; Unavailable after Stop.
  absl::Status Follow(const rpc::Call& call, const v1::FollowRequest& request,
                      std::shared_ptr<Writer> writer);

  // Ends all streams with Unavailable, and the thread.
  void Stop();

 private:
  struct Follower {
    std::shared_ptr<Writer> writer;
    std::string cursor;
    int sent = 0;       // messages of this stream's backlog
    bool over = false;  // the stream has ended
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

  // Used only on the worker's thread.
  LogWatch watch_;
  bool failing_ = false;
  absl::Time measured_ = absl::InfinitePast();
  Worker worker_;
};

// The gRPC service EventLog, answered by the hub of the service's log. Stop the hub before the
// dispatcher.
rpc::ServiceBuilder BindEventLog(FollowHub& hub);

}  // namespace veche::events
