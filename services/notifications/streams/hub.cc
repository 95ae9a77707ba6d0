#include "services/notifications/streams/hub.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "services/notifications/domain/errors.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr int kLivePage = 1000;
// Missed notices are sent in pieces of half a stream's queue (common/rpc), so that a client that
// was away for long is not taken for one that is too slow.
constexpr int kMissedPiece = 32;
constexpr absl::Duration kBetweenPieces = absl::Milliseconds(50);

}  // namespace

Hub::Hub(HubOptions options, sql::Database& database, Store& store, observe::Telemetry& telemetry)
    : options_(std::move(options)), database_(database), store_(store), telemetry_(telemetry) {}

Hub::~Hub() { Stop(); }

void Hub::Start() { thread_ = std::thread(&Hub::Run, this); }

void Hub::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Hub::Wake() {
  absl::MutexLock lock(&mutex_);
  awake_ = true;
}

absl::Status Hub::Subscribe(std::string recipient, int64_t after, std::shared_ptr<Writer> writer) {
  auto gone = std::make_shared<std::atomic<bool>>(false);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return Stopping();
    if (open_ >= options_.streams) return TooManyStreams();
    int& of_resident = open_by_resident_[recipient];
    if (of_resident >= options_.streams_per_resident) return TooManyStreams();
    ++open_;
    ++of_resident;
    arrivals_.push_back({std::move(recipient), after, /*behind=*/true, writer, gone});
  }
  // The callback may outlive the hub, so it holds the flag only.
  writer->OnDone([gone] { *gone = true; });
  return absl::OkStatus();
}

void Hub::Run() {
  while (Wait()) {
    TakeArrivals();
    const absl::Status status = Feed();
    if (!status.ok()) {
      telemetry_.logger->Error("streams not fed", {{"error", status.ToString()}});
    }
    DropGone();
  }
  TakeArrivals();
  for (auto& [recipient, streams] : streams_) {
    for (Stream& stream : streams) stream.writer->Finish(Stopping());
  }
}

bool Hub::Wait() {
  const absl::Duration longest = any_behind_ ? kBetweenPieces : options_.poll;
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return awake_ || stopping_ || !arrivals_.empty();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&due), longest);
  awake_ = false;
  return !stopping_;
}

void Hub::TakeArrivals() {
  std::vector<Stream> arrivals;
  {
    absl::MutexLock lock(&mutex_);
    arrivals.swap(arrivals_);
  }
  for (Stream& stream : arrivals) {
    std::vector<Stream>& streams = streams_[stream.recipient];
    streams.push_back(std::move(stream));
  }
}

absl::Status Hub::Feed() {
  any_behind_ = false;
  if (streams_.empty()) {
    position_.reset();
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(FeedLive());
  for (auto& [recipient, streams] : streams_) {
    for (Stream& stream : streams) {
      if (!stream.behind || *stream.gone) continue;
      any_behind_ = true;  // even if the next line fails
      RETURN_IF_ERROR(FeedBehind(stream));
    }
  }
  any_behind_ = std::any_of(streams_.begin(), streams_.end(), [](const auto& entry) {
    return std::any_of(entry.second.begin(), entry.second.end(),
                       [](const Stream& stream) { return stream.behind && !*stream.gone; });
  });
  return absl::OkStatus();
}

absl::Status Hub::FeedLive() {
  if (!position_) {
    return database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(position_, store_.Newest(transaction));
      return absl::OkStatus();
    });
  }
  std::vector<Notice> notices;
  do {
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(notices, store_.ListAllAfter(transaction, *position_, kLivePage));
      return absl::OkStatus();
    }));
    for (const Notice& notice : notices) {
      const auto found = streams_.find(notice.recipient);
      if (found == streams_.end()) continue;
      for (Stream& stream : found->second) {
        if (!stream.behind && stream.after < notice.seq) Send(stream, notice);
      }
    }
    if (!notices.empty()) position_ = notices.back().seq;
  } while (notices.size() == kLivePage);
  return absl::OkStatus();
}

absl::Status Hub::FeedBehind(Stream& stream) {
  std::vector<Notice> missed;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(missed, store_.ListAfter(transaction, stream.recipient, stream.after,
                                              *position_, kMissedPiece));
    return absl::OkStatus();
  }));
  for (const Notice& notice : missed) Send(stream, notice);
  stream.behind = missed.size() == kMissedPiece;
  return absl::OkStatus();
}

void Hub::Send(Stream& stream, const Notice& notice) {
  stream.after = notice.seq;
  if (!*stream.gone && !stream.writer->Write(ToWatchResponse(notice, options_.language))) {
    *stream.gone = true;
  }
}

void Hub::DropGone() {
  std::vector<std::string> dropped;
  for (auto entry = streams_.begin(); entry != streams_.end();) {
    std::vector<Stream>& streams = entry->second;
    const auto end = std::remove_if(streams.begin(), streams.end(), [&](const Stream& stream) {
      if (*stream.gone) dropped.push_back(entry->first);
      return stream.gone->load();
    });
    streams.erase(end, streams.end());
    if (streams.empty()) {
      streams_.erase(entry++);
    } else {
      ++entry;
    }
  }
  absl::MutexLock lock(&mutex_);
  for (const std::string& recipient : dropped) {
    --open_;
    if (--open_by_resident_[recipient] == 0) open_by_resident_.erase(recipient);
  }
}

}  // namespace veche::notifications
