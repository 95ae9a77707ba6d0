#include "common/events/follow_stream.h"

#include <utility>

#include "common/events/wire.h"

namespace veche::events {
namespace {

constexpr size_t kReadAhead = 512;

}  // namespace

FollowStream::FollowStream(std::shared_ptr<v1::EventLog::Stub> stub, absl::string_view cursor)
    : stub_(std::move(stub)), position_(cursor) {
  request_.set_cursor(std::string(cursor));
}

std::shared_ptr<FollowStream> FollowStream::Open(std::shared_ptr<v1::EventLog::Stub> stub,
                                                 absl::string_view cursor,
                                                 const RemoteOptions& options) {
  auto stream = std::shared_ptr<FollowStream>(new FollowStream(std::move(stub), cursor));
  stream->request_.set_consumer(options.consumer);
  if (options.prepare) options.prepare(stream->context_);
  {
    absl::MutexLock lock(&stream->mutex_);
    stream->self_ = stream;
  }
  stream->stub_->async()->Follow(&stream->context_, &stream->request_, stream.get());
  stream->AddHold();
  stream->StartRead(&stream->response_);
  stream->StartCall();
  return stream;
}

std::vector<Event> FollowStream::Take(int limit, absl::Time until) {
  std::vector<Event> taken;
  Next next = Next::kNothing;
  {
    absl::MutexLock lock(&mutex_);
    const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return !buffer_.empty() || end_.has_value();
    };
    mutex_.AwaitWithDeadline(absl::Condition(&ready), until);
    while (!buffer_.empty() && taken.size() < static_cast<size_t>(limit)) {
      taken.push_back(std::move(buffer_.front()));
      buffer_.pop_front();
    }
    if (!taken.empty()) position_ = taken.back().cursor;
    if (!reading_) next = AfterRead();
  }
  Do(next);
  return taken;
}

std::optional<std::string> FollowStream::FirstCursor(absl::Time until) {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return first_cursor_.has_value() || end_.has_value();
  };
  mutex_.AwaitWithDeadline(absl::Condition(&ready), until);
  return first_cursor_;
}

std::optional<absl::Status> FollowStream::Ended() {
  absl::MutexLock lock(&mutex_);
  return buffer_.empty() ? end_ : std::nullopt;
}

bool FollowStream::brought_events() {
  absl::MutexLock lock(&mutex_);
  return brought_events_;
}

std::string FollowStream::position() {
  absl::MutexLock lock(&mutex_);
  return position_;
}

void FollowStream::Cancel() {
  context_.TryCancel();
  Next next = Next::kNothing;
  {
    absl::MutexLock lock(&mutex_);
    over_ = true;
    if (!reading_) next = AfterRead();
  }
  Do(next);
}

// Decides the next step when no read is running: another read if the buffer has room; at the end of
// the stream, the release of the hold, once.
FollowStream::Next FollowStream::AfterRead() {
  if (over_) return std::exchange(released_, true) ? Next::kNothing : Next::kRelease;
  reading_ = buffer_.size() < kReadAhead;
  return reading_ ? Next::kRead : Next::kNothing;
}

void FollowStream::Do(Next next) {
  if (next == Next::kRead) StartRead(&response_);
  if (next == Next::kRelease) RemoveHold();
}

void FollowStream::OnReadDone(bool ok) {
  Next next;
  {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (ok) {
      if (!first_cursor_) first_cursor_ = response_.cursor();
      brought_events_ = brought_events_ || response_.events_size() > 0;
      for (v1::Event& event : *response_.mutable_events()) {
        buffer_.push_back(FromProto(std::move(event)));
      }
    } else {
      over_ = true;
    }
    next = AfterRead();
  }
  Do(next);
}

void FollowStream::OnDone(const grpc::Status& status) {
  std::shared_ptr<FollowStream> self;  // destroyed last, after the lock is released
  absl::MutexLock lock(&mutex_);
  end_ = absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  self = std::move(self_);
}

}  // namespace veche::events
