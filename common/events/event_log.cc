#include "common/events/event_log.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/events/cursor.h"

namespace veche::events {
namespace {

constexpr int64_t kPruneAtOnce = 500;

// The statements that differ between the engines. In PostgreSQL they read only rows of transactions
// older than every running transaction: no row can still appear before these.
struct Dialect {
  absl::string_view read_after;
  absl::string_view newest;
  absl::string_view oldest;
  absl::string_view delete_until;
};

constexpr Dialect kSqlite = {
    .read_after =
        "SELECT 0, seq, id, type, subject, time, data FROM events "
        "WHERE seq > $2 ORDER BY seq LIMIT $3",
    .newest = "SELECT 0, seq FROM events ORDER BY seq DESC LIMIT 1",
    .oldest = "SELECT 0, seq, time FROM events ORDER BY seq LIMIT $1",
    .delete_until = "DELETE FROM events WHERE seq <= $2",
};
constexpr Dialect kPostgres = {
    .read_after =
        "SELECT xid, seq, id, type, subject, time, data FROM events "
        "WHERE (xid, seq) > ($1, $2) "
        "AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
        "ORDER BY xid, seq LIMIT $3",
    .newest =
        "SELECT xid, seq FROM events "
        "WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
        "ORDER BY xid DESC, seq DESC LIMIT 1",
    .oldest =
        "SELECT xid, seq, time FROM events "
        "WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
        "ORDER BY xid, seq LIMIT $1",
    .delete_until = "DELETE FROM events WHERE (xid, seq) <= ($1, $2)",
};

constexpr absl::string_view kPostgresOldestHidden =
    "SELECT MIN(time) FROM events "
    "WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

const Dialect& DialectOf(sql::Engine engine) {
  return engine == sql::Engine::kSqlite ? kSqlite : kPostgres;
}

Position PositionOf(const sql::Row& row) { return {row.Int(0), row.Int(1)}; }

// The position that every known consumer has passed; none when there is no consumer.
absl::StatusOr<std::optional<Position>> SlowestConsumer(sql::Transaction& transaction,
                                                        absl::string_view log) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT cursor FROM consumer_cursors WHERE log = $1 "
                                     "UNION ALL SELECT cursor FROM followers",
                                     log));
  std::optional<Position> slowest;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(const Position position, DecodeCursor(row.Text(0)));
    slowest = std::min(slowest.value_or(position), position);
  }
  return slowest;
}

}  // namespace

EventLog::EventLog(absl::string_view source, sql::Database& database, const Clock& clock,
                   IdSource& ids)
    : source_(source),
      database_(database),
      clock_(clock),
      ids_(ids),
      others_(database.OpenNotifier("events", [this] { Changed(); })) {}

NewEvent EventLog::Make(absl::string_view type, absl::string_view subject, std::string data) const {
  return {ids_.New(), type, subject, ToMicros(clock_.Now()), sql::Blob{std::move(data)}};
}

absl::Status EventLog::Append(sql::Transaction& transaction, const NewEvent& event) {
  transaction.OnCommit([this] { Committed(); });
  return transaction
      .ExecuteWith("INSERT INTO events (id, type, subject, time, data) VALUES ($1, $2, $3, $4, $5)",
                   event)
      .status();
}

absl::StatusOr<std::vector<Event>> EventLog::ReadAfter(absl::string_view cursor, int limit) {
  ASSIGN_OR_RETURN(const Position after, DecodeCursor(cursor));
  std::vector<Event> events;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    events.clear();
    ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                     transaction.Query(DialectOf(database_.engine()).read_after, after.transaction,
                                       after.number, limit));
    events.reserve(rows.size());
    for (const sql::Row& row : rows) {
      events.push_back({.id = row.Text(2),
                        .type = row.Text(3),
                        .subject = row.Text(4),
                        .time = FromMicros(row.Int(5)),
                        .data = row.Bytes(6),
                        .cursor = EncodeCursor(PositionOf(row))});
    }
    return absl::OkStatus();
  }));
  return events;
}

absl::StatusOr<std::string> EventLog::Newest() {
  std::string newest;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                     transaction.Query(DialectOf(database_.engine()).newest));
    newest = rows.empty() ? "" : EncodeCursor(PositionOf(rows.front()));
    return absl::OkStatus();
  }));
  return newest;
}

absl::StatusOr<absl::Duration> EventLog::HiddenAge() {
  if (database_.engine() == sql::Engine::kSqlite) return absl::ZeroDuration();
  absl::Duration age;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<sql::Row> rows, transaction.Query(kPostgresOldestHidden));
    const std::optional<int64_t> oldest = rows.at(0).OptionalInt(0);
    age = oldest ? clock_.Now() - FromMicros(*oldest) : absl::ZeroDuration();
    return absl::OkStatus();
  }));
  return std::max(age, absl::ZeroDuration());
}

uint64_t EventLog::WaitForChange(uint64_t seen, absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto changed = [this, seen]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return generation_ != seen; };
  mutex_.AwaitWithTimeout(absl::Condition(&changed), timeout);
  return generation_;
}

void EventLog::AddListener(std::function<void()> listener) {
  absl::MutexLock lock(&mutex_);
  auto listeners = listeners_ == nullptr ? std::vector<std::function<void()>>() : *listeners_;
  listeners.push_back(std::move(listener));
  listeners_ = std::make_shared<const std::vector<std::function<void()>>>(std::move(listeners));
}

void EventLog::Wake() {
  absl::MutexLock lock(&mutex_);
  ++generation_;
}

bool EventLog::HearsOthers() const { return others_ == nullptr || others_->listening(); }

void EventLog::Committed() {
  Changed();
  if (others_ != nullptr) others_->Notify();
}

void EventLog::Changed() {
  std::shared_ptr<const std::vector<std::function<void()>>> listeners;
  {
    absl::MutexLock lock(&mutex_);
    ++generation_;
    listeners = listeners_;
  }
  if (listeners == nullptr) return;
  for (const std::function<void()>& listener : *listeners) listener();
}

absl::Status EventLog::NoteFollower(absl::string_view name, absl::string_view cursor) {
  RETURN_IF_ERROR(DecodeCursor(cursor).status());
  return database_.Write([&](sql::Transaction& transaction) {
    return transaction
        .Execute(
            "INSERT INTO followers (name, cursor, update_time) VALUES ($1, $2, $3) "
            "ON CONFLICT (name) DO UPDATE SET cursor = EXCLUDED.cursor, "
            "update_time = EXCLUDED.update_time",
            name, cursor, ToMicros(clock_.Now()))
        .status();
  });
}

absl::StatusOr<int64_t> EventLog::Prune(absl::Time before) {
  const Dialect& dialect = DialectOf(database_.engine());
  int64_t deleted = 0;
  bool more = true;
  while (more) {  // in small transactions, which do not delay writers
    int64_t now_deleted = 0;
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      now_deleted = 0;
      ASSIGN_OR_RETURN(const auto slowest, SlowestConsumer(transaction, source_));
      ASSIGN_OR_RETURN(std::vector<sql::Row> rows, transaction.Query(dialect.oldest, kPruneAtOnce));
      std::optional<Position> last;
      size_t old = 0;
      for (; old < rows.size(); ++old) {
        const Position position = PositionOf(rows[old]);
        if (FromMicros(rows[old].Int(2)) >= before || (slowest && position > *slowest)) break;
        last = position;
      }
      more = old == static_cast<size_t>(kPruneAtOnce);
      if (!last) return absl::OkStatus();
      ASSIGN_OR_RETURN(now_deleted,
                       transaction.Execute(dialect.delete_until, last->transaction, last->number));
      return absl::OkStatus();
    }));
    deleted += now_deleted;
  }
  return deleted;
}

}  // namespace veche::events
