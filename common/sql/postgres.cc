#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/checked_transaction.h"
#include "common/sql/database.h"
#include "common/sql/deadline.h"
#include "common/sql/pool.h"
#include "common/sql/postgres_connection.h"
#include "common/sql/postgres_notifier.h"

namespace veche::sql {
namespace {

constexpr int kTries = 6;
constexpr absl::Duration kFirstPause = absl::Milliseconds(2);

// REPEATABLE READ, because Read promises one snapshot for all its statements.
constexpr absl::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr absl::string_view kBeginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED";

// The rest of the time as the limit of each statement, sent along with BEGIN; "" when the
// connection's own limit is shorter.
std::string StatementTimeout(absl::Time deadline) {
  const absl::Duration rest = deadline - absl::Now();
  if (rest >= kStatementTimeout) return "";
  const int64_t milliseconds = std::max<int64_t>(1, absl::ToInt64Milliseconds(rest));
  return absl::StrCat("; SET LOCAL statement_timeout = ", milliseconds);
}

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const PostgresOptions& options)
      : options_(options), pool_(options.connections, options.max_waiting, [options] {
          return PostgresConnection::Open(options.connection, options.schema);
        }) {}
  ~PostgresDatabase() override { closing_.Notify(); }

  absl::Status Read(TransactionBody body) override { return Run(kBeginRead, body); }
  absl::Status Write(TransactionBody body) override { return Run(kBeginWrite, body); }
  std::unique_ptr<Notifier> OpenNotifier(absl::string_view channel,
                                         const std::function<void()>& listener) override {
    // Channels are names of the whole database, schemas are those of services.
    return std::make_unique<PostgresNotifier>(
        options_.connection, absl::StrCat(options_.schema, ".", channel), listener);
  }
  Engine engine() const override { return Engine::kPostgres; }

 private:
  using Lease = Pool<PostgresConnection>::Lease;

  absl::Status Run(absl::string_view begin, TransactionBody body);
  absl::Status RunOnce(absl::string_view begin, absl::Time deadline, TransactionBody body,
                       bool& again);
  absl::StatusOr<Lease> Begin(absl::string_view begin, absl::Time deadline);
  bool Pause(int tries);

  const PostgresOptions options_;
  Pool<PostgresConnection> pool_;
  absl::Notification closing_;
};

absl::Status PostgresDatabase::Run(absl::string_view begin, TransactionBody body) {
  RETURN_IF_ERROR(NoNesting::Check(this));
  const absl::Time deadline = DeadlineScope::Current();
  for (int tries = 1;; ++tries) {
    bool again = false;
    absl::Status status = RunOnce(begin, deadline, body, again);
    if (!again || tries == kTries || !Pause(tries)) return status;
  }
}

// Sets `again` when the database itself, not `body`, aborted the transaction.
absl::Status PostgresDatabase::RunOnce(absl::string_view begin, absl::Time deadline,
                                       TransactionBody body, bool& again) {
  std::vector<std::function<void()>> on_commit;
  {
    ASSIGN_OR_RETURN(Lease connection, Begin(begin, deadline));
    // Also when the body throws. After a commit there is nothing left to roll back.
    absl::Cleanup end = [&connection] { connection->Rollback(); };
    NoNesting no_nesting(this);
    PostgresTransaction transaction(*connection, deadline);
    absl::Status status = RunBody(body, transaction);
    if (status.ok()) {
      status = connection->Commit();
      again = absl::IsAborted(status);
    } else {
      // A connection lost before COMMIT was sent: the server has certainly rolled back everything.
      again = absl::IsAborted(transaction.failure()) || connection->lost();
    }
    RETURN_IF_ERROR(status);
    on_commit = transaction.TakeOnCommit();
  }
  for (const std::function<void()>& done : on_commit) done();
  return absl::OkStatus();
}

// After the server's restart every pooled connection is dead. Each of them fails here, before any
// statement of the body, and is replaced.
absl::StatusOr<PostgresDatabase::Lease> PostgresDatabase::Begin(absl::string_view begin,
                                                                absl::Time deadline) {
  while (true) {
    RETURN_IF_ERROR(CheckDeadline(deadline));
    ASSIGN_OR_RETURN(Lease connection, pool_.Acquire(deadline));
    const bool fresh = !std::exchange(connection->used, true);
    connection->SetDeadline(deadline);
    absl::Status status = connection->Script(absl::StrCat(begin, StatementTimeout(deadline)));
    if (status.ok()) return connection;
    if (fresh || !connection->lost()) return status;
  }
}

// Waits before another attempt; false when the database closes.
bool PostgresDatabase::Pause(int tries) {
  absl::BitGen random;
  const absl::Duration longest = kFirstPause * (1 << tries);
  const absl::Duration pause = longest * absl::Uniform(random, 0.5, 1.0);
  return !closing_.WaitForNotificationWithTimeout(pause);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options) {
  if (options.connections < 1) {
    return absl::InvalidArgumentError("A PostgreSQL pool needs at least one connection.");
  }
  return std::make_unique<PostgresDatabase>(options);
}

}  // namespace veche::sql
