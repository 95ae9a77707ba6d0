#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/identity/calls/session_calls.h"
#include "services/identity/storage/store.h"

namespace veche::identity {

// Sends the sessions that end to the streams of FollowEndedSessions: those of this process at once,
// those of other replicas when they notify, at the latest at the next poll. Thread-safe.
class EndedSessionFeed {
 public:
  // All must outlive it.
  EndedSessionFeed(EndedSessionHub& hub, sql::Database& database, Store& store, const Clock& clock,
                   observe::Telemetry& telemetry);
  ~EndedSessionFeed();  // stops

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // Call it when the end of a session was committed. Returns at once; any thread.
  void Ended();

 private:
  absl::Duration Step();
  absl::Status Feed();
  absl::StatusOr<std::vector<EndedSession>> Read(absl::Time since);
  // Those that no live stream has been sent, newest last.
  std::vector<EndedSession> Unsent(std::vector<EndedSession> sessions);

  EndedSessionHub& hub_;
  sql::Database& database_;
  Store& store_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  absl::flat_hash_map<std::string, absl::Time> sent_;  // of the last minutes
  Worker worker_;
  const std::unique_ptr<sql::Notifier> others_;  // null in SQLite; its thread uses worker_
};

}  // namespace veche::identity
