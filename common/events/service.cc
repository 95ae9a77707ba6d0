#include "common/events/service.h"

#include <prometheus/registry.h>

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/status_macros.h"
#include "common/events/cursor.h"
#include "common/events/wire.h"

namespace veche::events {
namespace {

constexpr int kAtOnce = 256;               // events in a message
constexpr size_t kMessageBytes = 1 << 20;  // well below gRPC's limit of 4 MiB
constexpr int kBacklogMessages = 16;       // of one stream; its queue holds more
constexpr absl::Duration kLongestWait = absl::Seconds(1);
constexpr absl::Duration kGather = absl::Milliseconds(20);  // what commits meanwhile goes together
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
      followers_(AddGauge(telemetry, "veche_event_log_followers", "Open streams of an event log.",
                          log.source())),
      hidden_(AddGauge(telemetry, "veche_event_log_hidden_seconds",
                       "Age of the oldest event that an open transaction hides.", log.source())),
      watch_(log),
      thread_([this] { Run(); }) {}

FollowHub::~FollowHub() { Stop(); }

void FollowHub::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  log_.Wake();
  thread_.join();
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
    // What the follower asks for it has stored.
    if (!request.consumer().empty()) {
      RETURN_IF_ERROR(log_.NoteFollower(request.consumer(), cursor));
    }
  }
  auto gone = std::make_shared<std::atomic<bool>>(false);
  writer->OnDone([gone] { *gone = true; });
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("The event log stops.");
    arrivals_.push_back({std::move(writer), std::move(cursor), 0, std::move(gone)});
  }
  log_.Wake();
  return absl::OkStatus();
}

void FollowHub::Run() {
  std::vector<Follower> followers;
  bool failing = false;
  while (true) {
    watch_.BeforeRead();
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) break;
      std::move(arrivals_.begin(), arrivals_.end(), std::back_inserter(followers));
      arrivals_.clear();
    }
    const absl::StatusOr<size_t> fed = FeedAll(followers);
    Measure(followers.size());
    if (!fed.ok() && !std::exchange(failing, true)) {
      telemetry_.logger->Warning("event log cannot be read", {{"error", fed.status().message()}});
    }
    if (fed.ok()) failing = false;
    if (!fed.ok() || *fed == 0) {
      watch_.Wait(kLongestWait);
    } else if (*fed < kAtOnce) {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kGather);
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    std::move(arrivals_.begin(), arrivals_.end(), std::back_inserter(followers));
    arrivals_.clear();
  }
  for (Follower& follower : followers) {
    follower.writer->Finish(absl::UnavailableError("The event log stops."));
  }
}

void FollowHub::Measure(size_t followers) {
  followers_.Set(static_cast<double>(followers));
  const absl::Time now = absl::Now();
  if (now - measured_ < kMeasureEvery) return;
  measured_ = now;
  if (const auto age = log_.HiddenAge(); age.ok()) hidden_.Set(absl::ToDoubleSeconds(*age));
}

// Gives each follower what comes next, a message at most; returns the most that one got. Followers
// at one place share one read.
absl::StatusOr<size_t> FollowHub::FeedAll(std::vector<Follower>& followers) {
  std::erase_if(followers, [](const Follower& follower) { return follower.gone->load(); });
  std::map<std::string, std::vector<Event>> by_cursor;
  for (const Follower& follower : followers) {
    if (by_cursor.contains(follower.cursor)) continue;
    ASSIGN_OR_RETURN(by_cursor[follower.cursor], log_.ReadAfter(follower.cursor, kAtOnce));
  }
  size_t most = 0;
  std::erase_if(followers, [&](Follower& follower) {
    const std::vector<Event>& events = by_cursor[follower.cursor];
    most = std::max(most, events.size());
    if (events.empty()) {
      follower.sent = 0;  // it has caught up
      return false;
    }
    return !Send(follower, events);
  });
  return most;
}

// False when the stream is over.
bool FollowHub::Send(Follower& follower, const std::vector<Event>& events) {
  v1::FollowResponse response;
  size_t bytes = 0;
  for (const Event& event : events) {
    if (bytes > 0 && bytes + event.data.size() > kMessageBytes) break;
    bytes += event.data.size() + event.subject.size() + 100;
    *response.add_events() = ToProto(event, log_.source());
    follower.cursor = event.cursor;
  }
  response.set_cursor(follower.cursor);
  if (!follower.writer->Write(std::move(response))) return false;
  if (++follower.sent < kBacklogMessages) return true;
  follower.writer->Finish(absl::OkStatus());
  return false;
}

}  // namespace veche::events
