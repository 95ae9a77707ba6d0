#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/events/event_log.h"
#include "common/events/remote_source.h"
#include "veche/events/v1/event_log.grpc.pb.h"

namespace veche::events {

// The client's side of one Follow call. The stream buffers a bounded number of events before its
// user takes them. The stream keeps itself alive until gRPC has finished the call, even when the
// user drops its pointer earlier (after Cancel). Thread-safe.
class FollowStream final : public grpc::ClientReadReactor<v1::FollowResponse>,
                           public std::enable_shared_from_this<FollowStream> {
 public:
  // Starts a call for the events after `cursor`.
  static std::shared_ptr<FollowStream> Open(std::shared_ptr<v1::EventLog::Stub> stub,
                                            absl::string_view cursor, const RemoteOptions& options);

  // Waits for events and takes at most `limit`; none when `until` is reached or the stream has
  // ended.
  std::vector<Event> Take(int limit, absl::Time until);
  // Waits for the first response and returns its cursor; none when `until` is reached or the stream
  // has ended.
  std::optional<std::string> FirstCursor(absl::Time until);
  // The call's final status, once the call has ended and all its events are taken.
  std::optional<absl::Status> Ended();
  // Whether any event has arrived.
  bool brought_events();
  // Cursor of the last event taken; before the first event, the cursor given to Open.
  std::string position();
  absl::Time opened() const { return opened_; }
  void Cancel();

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  // The call into gRPC to make after the lock is released.
  enum class Next { kNothing, kRead, kRelease };

  FollowStream(std::shared_ptr<v1::EventLog::Stub> stub, absl::string_view cursor);
  Next AfterRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(Next next);

  const std::shared_ptr<v1::EventLog::Stub> stub_;
  const absl::Time opened_ = absl::Now();
  grpc::ClientContext context_;
  v1::FollowRequest request_;
  v1::FollowResponse response_;  // of the current read

  absl::Mutex mutex_;
  std::shared_ptr<FollowStream> self_ ABSL_GUARDED_BY(mutex_);  // until gRPC is done
  std::deque<Event> buffer_ ABSL_GUARDED_BY(mutex_);
  std::string position_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::string> first_cursor_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool brought_events_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;      // no further read is started
  bool released_ ABSL_GUARDED_BY(mutex_) = false;  // the hold for outside reads is removed
};

}  // namespace veche::events
