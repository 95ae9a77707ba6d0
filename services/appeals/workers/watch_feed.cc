#include "services/appeals/workers/watch_feed.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::appeals {
namespace {

constexpr int kBatch = 256;
constexpr absl::Duration kLongestWait = absl::Seconds(5);

}  // namespace

WatchFeed::WatchFeed(WatcherHub& watchers, Store& store, events::EventLog& log,
                     observe::Telemetry telemetry)
    : watchers_(watchers),
      store_(store),
      log_(log),
      telemetry_(std::move(telemetry)),
      watch_(log),
      worker_(observe::LoggedWorker("appeals-watch", telemetry_), [this] { return Step(); }) {
  watchers_.SetListener([this] { worker_.Wake(); });
}

WatchFeed::~WatchFeed() {
  Stop();
  watchers_.SetListener(nullptr);
}

void WatchFeed::Stop() {
  worker_.RequestStop();
  log_.Wake();
  watchers_.Stop();
  worker_.Stop();
}

absl::Duration WatchFeed::Step() {
  if (watchers_.empty()) {
    cursor_.reset();
    return absl::InfiniteDuration();
  }
  watch_.BeforeRead();
  if (!cursor_) {
    if (absl::Status status = Begin(); !status.ok()) {
      telemetry_.logger->Warning("watched appeals not readable", {{"error", status.ToString()}});
    }
  }
  absl::StatusOr<bool> delivered = cursor_ ? Deliver() : false;
  if (!delivered.ok()) {
    telemetry_.logger->Warning("event log not readable",
                               {{"error", delivered.status().ToString()}});
  }
  if (!delivered.ok() || !*delivered) watch_.Wait(kLongestWait);
  return absl::ZeroDuration();
}

// Follows the events from here on. A client that subscribes later reads the appeal later. A client
// that is subscribed already may have read it earlier, so all clients get what they have not seen.
absl::Status WatchFeed::Begin() {
  ASSIGN_OR_RETURN(std::string newest, log_.Newest());
  for (const std::string& id : watchers_.Keys()) RETURN_IF_ERROR(SendToAll(id));
  cursor_ = std::move(newest);
  return absl::OkStatus();
}

absl::StatusOr<bool> WatchFeed::Deliver() {
  ASSIGN_OR_RETURN(const std::vector<events::Event> events, log_.ReadAfter(*cursor_, kBatch));
  absl::flat_hash_set<std::string> changed;
  for (const events::Event& event : events) {
    absl::string_view id = event.subject;
    if (absl::ConsumePrefix(&id, "appeals/") && watchers_.Has(id)) changed.emplace(id);
  }
  // When sending fails the cursor stays, so that the next try sends the change again.
  for (const std::string& id : changed) RETURN_IF_ERROR(SendToAll(id));
  if (!events.empty()) cursor_ = events.back().cursor;
  return !events.empty();
}

absl::Status WatchFeed::SendToAll(const std::string& id) {
  const WatcherHub::Subscribers watchers = watchers_.Of(id);
  ASSIGN_OR_RETURN(const Appeal appeal, store_.Get(id));
  std::vector<std::string> residents;
  for (const std::shared_ptr<Watcher>& watcher : watchers) {
    const auth::Principal& principal = watcher->viewer.principal;
    if (principal.resident()) residents.push_back(principal.name);
  }
  std::sort(residents.begin(), residents.end());
  residents.erase(std::unique(residents.begin(), residents.end()), residents.end());
  ASSIGN_OR_RETURN(const auto relations, store_.GetRelationsOf(id, residents));
  for (const std::shared_ptr<Watcher>& watcher : watchers) {
    const auto found = relations.find(watcher->viewer.principal.name);
    watcher->Send(appeal, found == relations.end() ? Relations() : found->second);
  }
  return absl::OkStatus();
}

}  // namespace veche::appeals
