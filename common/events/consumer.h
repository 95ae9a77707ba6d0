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

// A source of events: the service's own log, or the log of another service over gRPC
// (remote_source.h). Cancel may be called from any thread, the other functions from one thread at a
// time.
class Source {
 public:
  virtual ~Source() = default;
  // Waits until there are events after `cursor` and returns the first ones, at most `limit`;
  // returns none when `wait` is over or after Cancel. InvalidArgument for a malformed cursor;
  // Unavailable when the log's service or database is.
  virtual absl::StatusOr<std::vector<Event>> Next(absl::string_view cursor, int limit,
                                                  absl::Duration wait) = 0;
  // Cursor of the newest event, for a reader that starts after that event; "" when the log is
  // empty.
  virtual absl::StatusOr<std::string> Newest() = 0;
  // The service that owns the log: "appeals".
  virtual absl::string_view log() const = 0;
  // Makes Next return soon, the waiting call and every later one.
  virtual void Cancel() = 0;
};

// A source that reads the service's own log. `log` must outlive the source.
std::unique_ptr<Source> LocalSource(EventLog& log);

// The changes that a batch makes in the consumer's database. Runs in the transaction that also
// stores the cursor; may run more than once, like every sql::TransactionBody.
using Effect = std::function<absl::Status(sql::Transaction&)>;
// Computes the Effect of a batch. Runs outside any transaction, so the handler may call other
// services. The handler may get the same batch again after a crash or error, so only its Effect may
// change state. The consumer retries after an error for ever, with a back-off of 50 ms to 5 s and
// one event at a time, so that the events before the failing event are applied. An empty Effect
// changes nothing.
using BatchHandler = std::function<absl::StatusOr<Effect>(absl::Span<const Event>)>;

struct ConsumerOptions {
  std::string name;  // key of the consumer's cursor, unique in the database
  int batch = 64;
  bool from_newest = false;  // at the very first start: skip the events already in the log
};

// Follows a source: every event takes effect exactly once and in order, even after a crash, because
// the effect and the cursor commit together. Two replicas of one consumer may run: a
// compare-and-set of the cursor lets one effect through. The handler runs on the consumer's own
// thread. `database` must outlive the consumer.
// Metrics by consumer: veche_events_applied_total, veche_events_failures_total,
// veche_events_lag_seconds (age of the last applied event or, after a failure, of the first event
// that is not applied).
class Consumer {
 public:
  Consumer(ConsumerOptions options, std::unique_ptr<Source> source, sql::Database& database,
           BatchHandler handler, observe::Telemetry& telemetry);
  ~Consumer();  // stops

  void Start();
  // Returns when the thread has ended; a running effect is finished first.
  void Stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace veche::events
