#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"

namespace veche::events {

// Where events come from: this process's own log, or another service's over gRPC (remote_source.h).
class Source {
 public:
  virtual ~Source() = default;
  // Waits until there are events after `cursor` (at most `limit` are returned) or `wait` is over
  // (then none). Unavailable when the other side is.
  virtual absl::StatusOr<std::vector<Event>> Next(absl::string_view cursor, int limit,
                                                  absl::Duration wait) = 0;
  // Cursor of the newest event, to start after it; "" when there is none.
  virtual absl::StatusOr<std::string> Newest() = 0;
  // Whose log it is: "appeals".
  virtual absl::string_view log() const = 0;
  // Makes a waiting Next return soon, for ever.
  virtual void Cancel() = 0;
};

// The service's own log, which must outlive it.
std::unique_ptr<Source> LocalSource(EventLog& log);

// What a batch does to the consumer's database. Runs in the transaction that also stores the
// cursor; may run twice after Aborted.
using Effect = std::function<absl::Status(sql::Transaction&)>;
// Decides what a batch does. Runs outside any transaction, so it may call other services; it may
// see the same batch again after a crash or error, so only its Effect may change anything. An error
// is retried with back-off, for ever, one event at a time, so that those before the bad one pass.
// An empty Effect is one that changes nothing.
using BatchHandler = std::function<absl::StatusOr<Effect>(absl::Span<const Event>)>;

struct ConsumerOptions {
  std::string name;  // unique in the database: its cursor's key
  int batch = 64;
  bool from_newest = false;  // at its very first start: skip what is already there
};

// Follows a source: every event takes effect exactly once, in order, after any crash, because the
// effect and the cursor commit together. Two replicas of one consumer may run: the cursor's
// compare-and-set lets one effect through. One thread. What it is given by reference must outlive
// it. Metrics by consumer: veche_events_applied_total, veche_events_failures_total,
// veche_events_lag_seconds (age of the last applied event, or of the first one that cannot be).
class Consumer {
 public:
  Consumer(ConsumerOptions options, std::unique_ptr<Source> source, sql::Database& database,
           BatchHandler handler, observe::Telemetry& telemetry);
  ~Consumer();  // stops

  void Start();
  // Returns when the thread has ended; an effect under way is finished first.
  void Stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace veche::events
