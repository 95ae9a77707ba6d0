#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/embedded_file.h"
#include "common/base/id.h"
#include "common/sql/database.h"

namespace veche::events {

// One event of a log (CloudEvents attributes). Wire form: veche.events.v1.Event.
struct Event {
  std::string id;       // ULID
  std::string type;     // "veche.appeals.submitted"
  std::string subject;  // "appeals/{id}"
  absl::Time time;
  std::string data;    // serialised message
  std::string cursor;  // position in the log: opaque; set by the log
};

// An event that is not written yet: the values of its row.
using NewEvent = std::array<sql::Value, 5>;

// A service's event log: the table `events`, written in the transaction of the change that the
// event reports. Readers get every committed event exactly once and in one order, whatever commits
// at the same time. Unless said otherwise, errors are those of sql::Database. Thread-safe.
class EventLog {
 public:
  // `source` is the name of the service (copied). The other arguments must outlive the log.
  EventLog(absl::string_view source, sql::Database& database, const Clock& clock, IdSource& ids);

  // An event with a new id and the current time. Call Make before the transaction begins: the
  // transaction is then shorter.
  NewEvent Make(absl::string_view type, absl::string_view subject, std::string data) const;
  // Writes `event` in `transaction`; followers wake up when the transaction commits.
  absl::Status Append(sql::Transaction& transaction, const NewEvent& event);

  // Up to `limit` events after `cursor` ("" = from the oldest), in order. InvalidArgument for a
  // malformed cursor.
  absl::StatusOr<std::vector<Event>> ReadAfter(absl::string_view cursor, int limit);

  // Cursor of the newest readable event; "" when there is none.
  absl::StatusOr<std::string> Newest();

  // Age of the oldest committed event that readers do not get yet: in PostgreSQL an open writing
  // transaction, anywhere in the cluster, hides the events written since it began. Zero when no
  // event is hidden, and always in SQLite.
  absl::StatusOr<absl::Duration> HiddenAge();

  // Waits until the log's generation differs from `seen` or `timeout` is over; returns the current
  // generation, which each Wake and each commit of an Append increments: of this process at once,
  // of others a few milliseconds later while HearsOthers. Only saves waiting: a notification may be
  // lost.
  uint64_t WaitForChange(uint64_t seen, absl::Duration timeout);
  // Whether commits of other processes are notified at present, or there are no other processes.
  bool HearsOthers() const;
  // Adds a function that is called after each commit of an Append, of other processes too, on an
  // unspecified thread, as long as the log lives. `listener` must return quickly.
  void AddListener(std::function<void()> listener);
  // Makes every waiting WaitForChange return: at shutdown, or for a new follower.
  void Wake();

  // Records that the consumer `name` of another service has stored `cursor`: Prune keeps the events
  // after this cursor. InvalidArgument for a malformed cursor.
  absl::Status NoteFollower(absl::string_view name, absl::string_view cursor);

  // Deletes events older than `before` that every known consumer (of this database or recorded by
  // NoteFollower) has passed, the oldest first; returns how many. Without consumers only the age
  // counts. Uses several small transactions: after an error some events may be deleted.
  absl::StatusOr<int64_t> Prune(absl::Time before);

  absl::string_view source() const { return source_; }

 private:
  // An Append of this process was committed.
  void Committed();
  // An Append of any process was committed.
  void Changed();

  const std::string source_;
  sql::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  absl::Mutex mutex_;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 1;
  // Replaced, never changed, so that the listeners are called without a lock.
  std::shared_ptr<const std::vector<std::function<void()>>> listeners_ ABSL_GUARDED_BY(mutex_);
  // Null in SQLite. The last member, because its thread calls Changed.
  const std::unique_ptr<sql::Notifier> others_;
};

// The migrations of the log's and the consumers' tables. Pass them to sql::Migrate before the
// service's own migrations.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::events
