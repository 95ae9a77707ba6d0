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

// The client's end of one Follow call. It reads ahead of its user by a bounded number of events,
// and lives until gRPC is done with it, however early the user lets go. Thread-safe.
class FollowStream final : public grpc::ClientReadReactor<v1::FollowResponse>,
                           public std::enable_shared_from_this<FollowStream> {
 public:
  static std::shared_ptr<FollowStream> Open(std::shared_ptr<v1::EventLog::Stub> stub,
                                            absl::string_view cursor, const RemoteOptions& options);

  // Waits for events; none when `until` comes or the stream ends.
  std::vector<Event> Take(int limit, absl::Time until);
  // Waits for the first response's cursor; none when `until` comes or the stream ends.
  std::optional<std::string> FirstCursor(absl::Time until);
  // How it ended, once all that it brought is taken.
  std::optional<absl::Status> Ended();
  bool brought_events();
  // Cursor of the last event taken, or where the stream started.
  std::string position();
  absl::Time opened() const { return opened_; }
  void Cancel();

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  // What must be told to gRPC after the lock is released.
  enum class Next { kNothing, kRead, kRelease };

  FollowStream(std::shared_ptr<v1::EventLog::Stub> stub, absl::string_view cursor);
  Next AfterRead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(Next next);

  const std::shared_ptr<v1::EventLog::Stub> stub_;
  const absl::Time opened_ = absl::Now();
  grpc::ClientContext context_;
  v1::FollowRequest request_;
  v1::FollowResponse response_;  // of the read under way

  absl::Mutex mutex_;
  std::shared_ptr<FollowStream> self_ ABSL_GUARDED_BY(mutex_);  // until gRPC is done
  std::deque<Event> buffer_ ABSL_GUARDED_BY(mutex_);
  std::string position_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::string> first_cursor_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool brought_events_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = true;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;      // nothing more is to be read
  bool released_ ABSL_GUARDED_BY(mutex_) = false;  // the hold that allows reads from outside
};

}  // namespace veche::events
