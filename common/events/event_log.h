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

// One thing that happened (CloudEvents attributes). Wire form: veche.events.v1.Event.
struct Event {
  std::string id;       // ULID
  std::string type;     // "veche.appeals.submitted"
  std::string subject;  // "appeals/{id}"
  absl::Time time;
  std::string data;    // serialised message
  std::string cursor;  // position in the log: opaque; set by the log
};

// An event on its way into a log: the values of its row.
using NewEvent = std::array<sql::Value, 5>;

// A service's event log: its table `events`, written in the transaction of the change. Readers get
// every committed event exactly once in one order, whatever commits beside them. Thread-safe.
class EventLog {
 public:
  // `source` names the service; all must outlive this.
  EventLog(absl::string_view source, sql::Database& database, const Clock& clock, IdSource& ids);

  // An event that happens now. It may be made before the transaction, which then takes less time.
  NewEvent Make(absl::string_view type, absl::string_view subject, std::string data) const;
  // Writes it in `transaction`; followers wake up when it commits.
  absl::Status Append(sql::Transaction& transaction, const NewEvent& event);

  // Up to `limit` events after `cursor` ("" = from the oldest), in order. InvalidArgument for a
  // cursor that is none.
  absl::StatusOr<std::vector<Event>> ReadAfter(absl::string_view cursor, int limit);

  // Cursor of the newest readable event; "" when there is none.
  absl::StatusOr<std::string> Newest();

  // Age of the oldest committed or running event that readers must not see yet: in PostgreSQL any
  // writing transaction in the cluster hides what was written since it began. Zero when there is
  // none, and always in SQLite.
  absl::StatusOr<absl::Duration> HiddenAge();

  // Waits until there may be something after what was read at generation `seen`, or `timeout` is
  // over; returns the new generation. Only speeds things up: other processes' events do not wake
  // it.
  uint64_t WaitForChange(uint64_t seen, absl::Duration timeout);
  // Also called with each commit of an Append, quickly, on an unspecified thread.
  void AddListener(std::function<void()> listener);
  // Wakes every waiter, at shutdown.
  void Wake();

  // Remembers that the other service's consumer `name` has stored `cursor`: Prune keeps what comes
  // after it.
  absl::Status NoteFollower(absl::string_view name, absl::string_view cursor);

  // Deletes events older than `before` that every known consumer (of this database and those that
  // NoteFollower told of) has behind it, the oldest first; returns how many.
  absl::StatusOr<int64_t> Prune(absl::Time before);

  absl::string_view source() const { return source_; }

 private:
  void Changed();

  const std::string source_;
  sql::Database& database_;
  const Clock& clock_;
  IdSource& ids_;
  absl::Mutex mutex_;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 1;
  // Replaced, never changed: who calls them holds no lock.
  std::shared_ptr<const std::vector<std::function<void()>>> listeners_ ABSL_GUARDED_BY(mutex_);
};

// Tables of the log and of consumers' cursors; put them before the service's own migrations.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::events
