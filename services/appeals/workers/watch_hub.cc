#include "services/appeals/workers/watch_hub.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/sql_maintenance.h"

namespace veche::appeals {
namespace {

constexpr int kBatch = 256;
constexpr absl::Duration kPoll = absl::Milliseconds(500);  // for other replicas' changes

}  // namespace

WatchHub::WatchHub(Store& store, sql::Database& database, events::EventLog& log,
                   observe::Telemetry telemetry, int capacity)
    : store_(store),
      database_(database),
      log_(log),
      telemetry_(std::move(telemetry)),
      capacity_(capacity),
      worker_(observe::LoggedWorker("appeals-watch", telemetry_), [this] { return Step(); }) {}

void WatchHub::Stop() {
  std::vector<std::shared_ptr<Subscriber>> all;
  {
    absl::MutexLock lock(&mutex_);
    worker_.RequestStop();
    for (auto& [appeal, subscribers] : subscribers_) {
      all.insert(all.end(), subscribers.begin(), subscribers.end());
    }
  }
  log_.Wake();
  for (const auto& subscriber : all) {
    subscriber->writer->Finish(absl::UnavailableError("The server is going down. Connect again."));
  }
  worker_.Stop();
}

absl::Status WatchHub::Subscribe(const std::string& appeal, Viewer viewer,
                                 absl::string_view last_event_id, std::shared_ptr<Writer> writer) {
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->viewer = std::move(viewer);
  subscriber->writer = writer;
  if (int64_t seen = 0; absl::SimpleAtoi(last_event_id, &seen)) {
    absl::MutexLock lock(&subscriber->mutex);
    subscriber->sent = seen;
  }
  // The first watcher decides where following begins: before the appeal is read below.
  ASSIGN_OR_RETURN(const std::string newest, log_.Newest());
  {
    absl::MutexLock lock(&mutex_);
    if (worker_.stopping()) {
      return absl::UnavailableError("The server is going down. Connect again.");
    }
    if (count_ >= capacity_) return TooManyWatchers();
    if (count_++ == 0) cursor_ = newest;
    subscribers_[appeal].push_back(subscriber);
  }
  worker_.Wake();
  writer->OnDone([this, appeal, raw = subscriber.get()] { Remove(appeal, raw); });
  ASSIGN_OR_RETURN(const Appeal now, store_.Get(appeal));
  Ties ties;
  if (subscriber->viewer.principal.resident()) {
    const std::string ids[] = {appeal};
    ASSIGN_OR_RETURN(const auto found, store_.GetTies(subscriber->viewer.principal.name, ids));
    ties = found[0];
  }
  Send(now, ties, *subscriber);
  return absl::OkStatus();
}

void WatchHub::Remove(const std::string& appeal, const Subscriber* subscriber) {
  absl::MutexLock lock(&mutex_);
  auto it = subscribers_.find(appeal);
  if (it == subscribers_.end()) return;
  count_ -= static_cast<int>(
      std::erase_if(it->second, [&](const auto& other) { return other.get() == subscriber; }));
  if (it->second.empty()) subscribers_.erase(it);
}

std::vector<std::shared_ptr<WatchHub::Subscriber>> WatchHub::SubscribersOf(
    const std::string& appeal) {
  absl::MutexLock lock(&mutex_);
  auto it = subscribers_.find(appeal);
  return it == subscribers_.end() ? std::vector<std::shared_ptr<Subscriber>>() : it->second;
}

absl::Status WatchHub::SendToAll(const std::string& id) {
  ASSIGN_OR_RETURN(const Appeal appeal, store_.Get(id));
  const auto subscribers = SubscribersOf(id);
  std::vector<std::string> residents;
  for (const auto& subscriber : subscribers) {
    const auth::Principal& principal = subscriber->viewer.principal;
    if (principal.resident()) residents.push_back(principal.name);
  }
  std::sort(residents.begin(), residents.end());
  residents.erase(std::unique(residents.begin(), residents.end()), residents.end());
  ASSIGN_OR_RETURN(const auto ties, GetTiesOf(database_, id, residents));
  for (const auto& subscriber : subscribers) {
    auto found = ties.find(subscriber->viewer.principal.name);
    Send(appeal, found == ties.end() ? Ties() : found->second, *subscriber);
  }
  return absl::OkStatus();
}

void WatchHub::Send(const Appeal& appeal, const Ties& ties, Subscriber& subscriber) {
  const View view = ViewOf(appeal, subscriber.viewer);
  if (view == View::kNone) {  // it has become private
    return subscriber.writer->Finish(AppealNotFound(AppealName(appeal.id)));
  }
  v1::WatchAppealResponse response;
  *response.mutable_appeal() = ToWire(appeal, view, ties);
  response.set_event_id(absl::StrCat(appeal.version));
  absl::MutexLock lock(&subscriber.mutex);
  if (appeal.version <= subscriber.sent) return;
  subscriber.sent = appeal.version;
  subscriber.writer->Write(std::move(response));
}

bool WatchHub::Deliver() {
  std::string cursor;
  {
    absl::MutexLock lock(&mutex_);
    cursor = cursor_;
  }
  auto events = log_.ReadAfter(cursor, kBatch);
  if (!events.ok()) {
    telemetry_.logger->Warning("event log not readable", {{"error", events.status().ToString()}});
    return false;
  }
  absl::flat_hash_set<std::string> changed;
  for (const events::Event& event : *events) {
    absl::string_view id = event.subject;
    if (!absl::ConsumePrefix(&id, "appeals/")) continue;
    absl::MutexLock lock(&mutex_);
    if (subscribers_.contains(id)) changed.insert(std::string(id));
  }
  for (const std::string& id : changed) {
    if (!SendToAll(id).ok()) return false;  // the cursor stays, so it is sent with the next try
  }
  absl::MutexLock lock(&mutex_);
  if (!events->empty() && cursor_ == cursor) cursor_ = events->back().cursor;
  return !events->empty();
}

absl::Duration WatchHub::Step() {
  {
    absl::MutexLock lock(&mutex_);
    if (count_ == 0) return absl::InfiniteDuration();
  }
  if (!Deliver()) generation_ = log_.WaitForChange(generation_, kPoll);
  return absl::ZeroDuration();
}

}  // namespace veche::appeals
