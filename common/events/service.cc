#include "common/events/service.h"

#include <prometheus/registry.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/cursor.h"
#include "common/events/wire.h"
#include "common/observe/worker.h"

namespace veche::events {
namespace {

constexpr int kAtOnce = 256;               // events in a message
constexpr size_t kMessageBytes = 1 << 20;  // well below gRPC's limit of 4 MiB
constexpr int kBacklogMessages = 16;       // per stream; a stream's queue holds more
constexpr absl::Duration kLongestWait = absl::Seconds(5);
constexpr absl::Duration kGather = absl::Milliseconds(20);  // gathers commits into one message
constexpr absl::Duration kMeasureEvery = absl::Seconds(5);

prometheus::Gauge& AddGauge(const observe::Telemetry& telemetry, const char* name, const char* help,
                            absl::string_view log) {
  return prometheus::BuildGauge()
      .Name(name)
      .Help(help)
      .Register(*telemetry.metrics)
      .Add({{"log", std::string(log)}});
}

}  // namespace

FollowHub::FollowHub(EventLog& log, const observe::Telemetry& telemetry)
    : log_(log),
      telemetry_(telemetry),
      follower_count_(AddGauge(telemetry, "veche_event_log_followers",
                               "Open streams of an event log.", log.source())),
      hidden_(AddGauge(telemetry, "veche_event_log_hidden_seconds",
                       "Age of the oldest event that an open transaction hides.", log.source())),
      followers_({.full = absl::ResourceExhaustedError("Too many follow the event log."),
                  .stopped = absl::UnavailableError("The event log stops.")}),
      watch_(log),
      worker_(observe::LoggedWorker(absl::StrCat("log-", log.source()), telemetry),
              [this] { return Step(); }) {
  worker_.Start();
}

void FollowHub::Stop() {
  worker_.RequestStop();
  log_.Wake();
  worker_.Stop();
  followers_.Stop();
}

absl::Status FollowHub::Follow(const rpc::Call&, const v1::FollowRequest& request,
                               std::shared_ptr<Writer> writer) {
  std::string cursor = request.cursor();
  if (cursor == kNewestCursor) {
    ASSIGN_OR_RETURN(cursor, log_.Newest());
    v1::FollowResponse here;
    here.set_cursor(cursor);
    writer->Write(std::move(here));
  } else {
    RETURN_IF_ERROR(DecodeCursor(cursor).status());
    // A follower has stored the cursor that it sends.
    if (!request.consumer().empty()) {
      RETURN_IF_ERROR(log_.NoteFollower(request.consumer(), cursor));
    }
  }
  auto follower = std::make_shared<Follower>();
  follower->writer = std::move(writer);
  follower->cursor = std::move(cursor);
  RETURN_IF_ERROR(followers_.Subscribe(request.consumer(), std::move(follower)));
  log_.Wake();
  return absl::OkStatus();
}

absl::Duration FollowHub::Step() {
  watch_.BeforeRead();
  const absl::StatusOr<size_t> fed = FeedAll();
  Measure();
  if (!fed.ok() && !std::exchange(failing_, true)) {
    telemetry_.logger->Warning("event log cannot be read", {{"error", fed.status().message()}});
  }
  if (fed.ok()) failing_ = false;
  if (fed.ok() && *fed > 0) return *fed < kAtOnce ? kGather : absl::ZeroDuration();
  if (!worker_.stopping()) watch_.Wait(kLongestWait);
  return absl::ZeroDuration();
}

void FollowHub::Measure() {
  follower_count_.Set(static_cast<double>(followers_.size()));
  const absl::Time now = absl::Now();
  if (now - measured_ < kMeasureEvery) return;
  measured_ = now;
  if (const auto age = log_.HiddenAge(); age.ok()) hidden_.Set(absl::ToDoubleSeconds(*age));
}

// Sends each follower its next events, at most one message; returns the largest number of events
// read for one follower. Followers with the same cursor share one read.
absl::StatusOr<size_t> FollowHub::FeedAll() {
  const auto followers = followers_.Select([](const Follower& follower) { return !follower.over; });
  std::map<std::string, std::vector<Event>> by_cursor;
  for (const auto& follower : followers) {
    if (by_cursor.contains(follower->cursor)) continue;
    ASSIGN_OR_RETURN(by_cursor[follower->cursor], log_.ReadAfter(follower->cursor, kAtOnce));
  }
  size_t most = 0;
  for (const auto& follower : followers) {
    const std::vector<Event>& events = by_cursor[follower->cursor];
    most = std::max(most, events.size());
    if (events.empty()) {
      follower->sent = 0;  // it has caught up
    } else {
      Send(*follower, events);
    }
  }
  return most;
}

void FollowHub::Send(Follower& follower, const std::vector<Event>& events) {
  v1::FollowResponse response;
  size_t bytes = 0;
  for (const Event& event : events) {
    if (bytes > 0 && bytes + event.data.size() > kMessageBytes) break;
    bytes += event.data.size() + event.subject.size() + 100;
    *response.add_events() = ToProto(event, log_.source());
    follower.cursor = event.cursor;
  }
  response.set_cursor(follower.cursor);
  follower.over =
      !follower.writer->Write(std::move(response)) || ++follower.sent == kBacklogMessages;
  // A second Finish is ignored.
  if (follower.over) follower.writer->Finish(absl::OkStatus());
}

rpc::ServiceBuilder BindEventLog(FollowHub& hub) {
  return rpc::ServiceBuilder("veche.events.v1.EventLog").Subscribe(hub, &FollowHub::Follow);
}

}  // namespace veche::events
