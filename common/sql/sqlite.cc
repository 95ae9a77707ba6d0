#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/sql/checked_transaction.h"
#include "common/sql/database.h"
#include "common/sql/deadline.h"
#include "common/sql/pool.h"
#include "common/sql/sqlite_connection.h"

namespace veche::sql {
namespace {

// After a group of at least kLoad bodies the next group waits kGather, or until it has kLargeGroup
// bodies.
constexpr size_t kLoad = 8;
constexpr size_t kLargeGroup = 48;
constexpr absl::Duration kGather = absl::Milliseconds(1);

// How long background work lets other writes go first. Steady: changes of the wall clock do not
// matter.
using SteadyTime = std::chrono::steady_clock::time_point;
constexpr std::chrono::milliseconds kPatience{100};

// After one body has failed others are likely to fail: so many next groups use savepoints, and no
// body of these runs twice.
constexpr int kGroupsApart = 16;

// A body that waits for the writer. Lives on the stack of its caller, which waits for `done`.
struct WaitingWrite {
  explicit WaitingWrite(TransactionBody write) : body(write) {}

  const TransactionBody body;
  const absl::Time deadline = DeadlineScope::Current();
  absl::Status status;
  std::exception_ptr thrown;
  std::vector<std::function<void()>> on_commit;
  absl::Notification done;
};

bool Failed(const WaitingWrite* write) { return !write->status.ok(); }

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const SqliteOptions& options, std::string uri, bool in_memory,
                 std::unique_ptr<SqliteConnection> writer)
      : max_waiting_(static_cast<size_t>(options.max_waiting_writes)),
        read_timeout_(options.read_timeout),
        in_memory_(in_memory),
        writer_(std::move(writer)),
        readers_(options.readers, options.max_waiting_writes,
                 [uri] { return SqliteConnection::Open(uri, SqliteConnection::Role::kReader); }),
        thread_([this] { WriteGroups(); }) {}

  ~SqliteDatabase() override {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  absl::Status Read(TransactionBody body) override;
  absl::Status Write(TransactionBody body) override { return Queue(body, waiting_); }
  absl::Status WriteInBackground(TransactionBody body) override { return Queue(body, patient_); }
  Engine engine() const override { return Engine::kSqlite; }

 private:
  using Group = std::vector<WaitingWrite*>;

  absl::Status ReadOn(SqliteConnection& connection, TransactionBody body);
  absl::Status Queue(TransactionBody body, Group& group);
  Group TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WriteGroups();
  static void DropLate(Group& group);
  void WriteGroup(const Group& group);
  absl::Status Commit(const Group& group, bool apart);
  absl::Status RunInSavepoint(WaitingWrite& write);
  void RunOne(WaitingWrite& write);

  const size_t max_waiting_;
  const absl::Duration read_timeout_;
  // A database in memory has no WAL, so its readers would see uncommitted changes: this mutex keeps
  // readers and the writer apart.
  const bool in_memory_;
  absl::Mutex memory_mutex_;

  absl::Mutex mutex_;
  Group waiting_ ABSL_GUARDED_BY(mutex_);
  Group patient_ ABSL_GUARDED_BY(mutex_);                                 // in the background
  SteadyTime patience_ends_ ABSL_GUARDED_BY(mutex_) = SteadyTime::max();  // of patient_.front()
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Used only on the writer's thread:
  std::unique_ptr<SqliteConnection> writer_;
  int groups_apart_ = 0;  // how many of the next groups run in savepoints
  Pool<SqliteConnection> readers_;
  std::thread thread_;
};

absl::Status SqliteDatabase::Read(TransactionBody body) {
  RETURN_IF_ERROR(NoNesting::Check(this));
  RETURN_IF_ERROR(CheckDeadline(DeadlineScope::Current()));
  ASSIGN_OR_RETURN(Pool<SqliteConnection>::Lease connection,
                   readers_.Acquire(DeadlineScope::Current()));
  if (!in_memory_) return ReadOn(*connection, body);
  absl::ReaderMutexLock lock(&memory_mutex_);
  return ReadOn(*connection, body);
}

absl::Status SqliteDatabase::ReadOn(SqliteConnection& connection, TransactionBody body) {
  NoNesting no_nesting(this);
  connection.SetDeadline(std::min(absl::Now() + read_timeout_, DeadlineScope::Current()));
  RETURN_IF_ERROR(connection.Run("BEGIN", {}).status());
  absl::Cleanup end = [&connection] {
    connection.SetDeadline(absl::InfiniteFuture());  // not for the ROLLBACK
    if (connection.in_transaction()) connection.Run("ROLLBACK", {}).IgnoreError();
  };
  SqliteTransaction transaction(connection);
  return RunBody(body, transaction);
}

absl::Status SqliteDatabase::Queue(TransactionBody body, Group& group) {
  RETURN_IF_ERROR(NoNesting::Check(this));
  WaitingWrite write(body);
  {
    absl::MutexLock lock(&mutex_);
    if (waiting_.size() + patient_.size() >= max_waiting_) {
      return WithRetryAfter(
          MakeError(absl::StatusCode::kResourceExhausted, "veche", "DATABASE_BUSY"),
          absl::Seconds(1));
    }
    group.push_back(&write);
    if (patient_.size() == 1 && &group == &patient_)
      patience_ends_ = SteadyTime::clock::now() + kPatience;
  }
  write.done.WaitForNotification();
  if (write.thrown != nullptr) std::rethrow_exception(write.thrown);
  if (write.status.ok()) {
    for (const std::function<void()>& done : write.on_commit) done();
  }
  return write.status;
}

// The writer's thread. While one group commits, the next group gathers, so groups grow with the
// load and a single write does not wait. Under load a group gathers for another moment: few large
// commits write fewer pages and use less processor time than many small ones.
void SqliteDatabase::WriteGroups() {
  NoNesting no_nesting(this);
  const auto wakeup = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty() || !patient_.empty();
  };
  const auto large = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || waiting_.size() >= kLargeGroup;
  };
  size_t last = 0;
  while (true) {
    Group group;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wakeup));
      if (last >= kLoad) mutex_.AwaitWithTimeout(absl::Condition(&large), kGather);
      group = TakeGroup();
      if (group.empty()) return;
    }
    DropLate(group);
    last = group.size();
    if (group.empty()) continue;
    WriteGroup(group);
    for (WaitingWrite* write : group) write->done.Notify();  // `write` may be gone after this
  }
}

// Under overload nobody waits any more for what has waited longest.
void SqliteDatabase::DropLate(Group& group) {
  const auto is_late = [](WaitingWrite* write) {
    write->status = CheckDeadline(write->deadline);
    if (write->status.ok()) return false;
    write->done.Notify();  // `write` may be gone after this
    return true;
  };
  group.erase(std::remove_if(group.begin(), group.end(), is_late), group.end());
}

SqliteDatabase::Group SqliteDatabase::TakeGroup() {
  Group group = std::exchange(waiting_, {});
  if (group.empty() || SteadyTime::clock::now() >= patience_ends_) {
    group.insert(group.end(), patient_.begin(), patient_.end());
    patient_.clear();
    patience_ends_ = SteadyTime::max();
  }
  return group;
}

void SqliteDatabase::WriteGroup(const Group& group) {
  absl::MutexLock lock(&memory_mutex_);  // only readers of a database in memory take it too
  const bool apart = group.size() > 1 && groups_apart_ > 0;
  absl::Status committed = Commit(group, apart);
  if (apart) --groups_apart_;
  if (!apart && group.size() > 1 && absl::c_any_of(group, Failed)) {
    groups_apart_ = kGroupsApart;
    committed = Commit(group, true);
  }
  if (committed.ok()) return;
  for (WaitingWrite* write : group) {
    if (write->status.ok()) write->status = committed;
  }
}

// Returns an error when the whole group fails. With `apart` each body runs in a savepoint, which
// costs as much as the statements of a small body; without, the first body that fails ends the
// group.
absl::Status SqliteDatabase::Commit(const Group& group, bool apart) {
  RETURN_IF_ERROR(writer_->Run("BEGIN IMMEDIATE", {}).status());
  absl::Cleanup roll_back = [this] {
    if (writer_->in_transaction()) writer_->Run("ROLLBACK", {}).IgnoreError();
  };
  for (WaitingWrite* write : group) {
    if (apart) {
      RETURN_IF_ERROR(RunInSavepoint(*write));
    } else {
      RunOne(*write);
      RETURN_IF_ERROR(write->status);
    }
  }
  RETURN_IF_ERROR(writer_->Run("COMMIT", {}).status());
  std::move(roll_back).Cancel();
  return absl::OkStatus();
}

absl::Status SqliteDatabase::RunInSavepoint(WaitingWrite& write) {
  RETURN_IF_ERROR(writer_->Run("SAVEPOINT body", {}).status());
  RunOne(write);
  if (!writer_->in_transaction()) return write.status;  // disk full, I/O error
  if (!write.status.ok()) RETURN_IF_ERROR(writer_->Run("ROLLBACK TO body", {}).status());
  return writer_->Run("RELEASE body", {}).status();
}

void SqliteDatabase::RunOne(WaitingWrite& write) {
  SqliteTransaction transaction(*writer_);
  write.thrown = nullptr;
  try {
    write.status = RunBody(write.body, transaction);
  } catch (...) {  // rethrown on the caller's thread
    write.thrown = std::current_exception();
    write.status = absl::InternalError("A transaction's body threw.");
  }
  write.on_commit = transaction.TakeOnCommit();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options) {
  static std::atomic<int> memory_databases = 0;
  const bool in_memory = options.path == ":memory:";
  // A leading slash in the name makes SQLite share the database in memory between connections of
  // this process.
  const std::string uri =
      in_memory ? absl::StrCat("file:/veche-", ++memory_databases, "?vfs=memdb") : options.path;
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> writer,
                   SqliteConnection::Open(uri, SqliteConnection::Role::kWriter));
  return std::make_unique<SqliteDatabase>(options, uri, in_memory, std::move(writer));
}

}  // namespace veche::sql
