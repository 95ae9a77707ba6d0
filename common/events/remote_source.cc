#include "common/events/remote_source.h"

#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/events/follow_stream.h"
#include "common/events/wire.h"

namespace veche::events {
namespace {

// A stream that is this old is replaced: each new stream tells the log's owner this consumer's
// cursor, and spreads consumers over replicas.
constexpr absl::Duration kLongestStream = absl::Minutes(5);
constexpr absl::Duration kNewestWait = absl::Seconds(10);

class GrpcSource final : public Source {
 public:
  GrpcSource(std::shared_ptr<grpc::Channel> channel, RemoteOptions options)
      : options_(std::move(options)), stub_(v1::EventLog::NewStub(std::move(channel))) {}
  ~GrpcSource() override { Replace(nullptr); }

  absl::StatusOr<std::vector<Event>> Next(absl::string_view cursor, int limit,
                                          absl::Duration wait) override;
  absl::StatusOr<std::string> Newest() override;
  absl::string_view log() const override { return options_.log; }
  void Cancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (stream_ != nullptr) stream_->Cancel();
  }

 private:
  std::shared_ptr<FollowStream> StreamAt(absl::string_view cursor);
  void Replace(std::shared_ptr<FollowStream> stream);
  bool cancelled() {
    absl::MutexLock lock(&mutex_);
    return cancelled_;
  }

  const RemoteOptions options_;
  const std::shared_ptr<v1::EventLog::Stub> stub_;
  absl::Mutex mutex_;
  std::shared_ptr<FollowStream> stream_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

absl::Status Lost(const absl::Status& end) {
  return end.ok() || absl::IsCancelled(end) ? absl::UnavailableError("The event stream ended.")
                                            : end;
}

absl::StatusOr<std::vector<Event>> GrpcSource::Next(absl::string_view cursor, int limit,
                                                    absl::Duration wait) {
  const absl::Time until = absl::Now() + wait;
  while (!cancelled()) {
    std::shared_ptr<FollowStream> stream = StreamAt(cursor);
    std::vector<Event> events = stream->Take(limit, until);
    if (!events.empty()) return events;
    const std::optional<absl::Status> end = stream->Ended();
    if (!end) break;  // `wait` is over
    Replace(nullptr);
    // A stream that ends with OK after some events was one piece of a long backlog.
    if (!end->ok() || !stream->brought_events()) return Lost(*end);
  }
  return std::vector<Event>();
}

absl::StatusOr<std::string> GrpcSource::Newest() {
  std::shared_ptr<FollowStream> stream = FollowStream::Open(stub_, kNewestCursor, options_);
  Replace(stream);
  const std::optional<std::string> cursor = stream->FirstCursor(absl::Now() + kNewestWait);
  const std::optional<absl::Status> end = stream->Ended();
  Replace(nullptr);
  if (cursor) return *cursor;
  return Lost(end.value_or(absl::OkStatus()));
}

std::shared_ptr<FollowStream> GrpcSource::StreamAt(absl::string_view cursor) {
  {
    absl::MutexLock lock(&mutex_);
    if (stream_ != nullptr && stream_->position() == cursor &&
        absl::Now() - stream_->opened() < kLongestStream) {
      return stream_;
    }
  }
  std::shared_ptr<FollowStream> stream = FollowStream::Open(stub_, cursor, options_);
  Replace(stream);
  return stream;
}

void GrpcSource::Replace(std::shared_ptr<FollowStream> stream) {
  absl::MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->Cancel();
  stream_ = std::move(stream);
  if (stream_ != nullptr && cancelled_) stream_->Cancel();
}

}  // namespace

std::unique_ptr<Source> RemoteSource(std::shared_ptr<grpc::Channel> channel,
                                     RemoteOptions options) {
  return std::make_unique<GrpcSource>(std::move(channel), std::move(options));
}

}  // namespace veche::events
