#include "common/sql/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace veche::sql {
namespace {

// A service has some dozens of statements; list queries with optional filters make more.
constexpr size_t kCachedStatements = 128;
constexpr int kBusyTimeoutMs = 5000;
constexpr int kStepsBetweenLooks = 100'000;  // between two looks at the clock: under 10 ms

constexpr char kCommonPragmas[] =
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA mmap_size=268435456;";
// Deleted and overwritten values, sealed keys among them, are zeroed in the file; so Debian builds
// SQLite, others do not. A log longer than SQLite's default of 1000 pages makes checkpoints rarer.
// A checkpoint delays a commit, and writes a page once however often the page was changed.
constexpr char kWriterPragmas[] =
    "PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;"
    "PRAGMA wal_autocheckpoint=16000;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-16384;";
constexpr char kReaderPragmas[] =
    "PRAGMA query_only=ON;"
    "PRAGMA cache_size=-4096;";

absl::Status MakeStatus(int result, absl::string_view detail, absl::string_view statement) {
  const absl::StatusCode code = SqliteStatusCode(result);
  switch (code) {
    case absl::StatusCode::kInternal:  // only the log sees the text of such a status
      return absl::Status(code, absl::StrCat("SQLite error ", result, ": ", detail,
                                             " in: ", statement.substr(0, 300)));
    case absl::StatusCode::kInvalidArgument:
      return absl::Status(code, "A value does not fit the database.");
    default:  // "UNIQUE constraint failed: users.login": contains names, never values
      return absl::Status(code, detail);
  }
}

struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(bool value) const { return sqlite3_bind_int(statement, index, value ? 1 : 0); }
  // The arguments outlive the statement's run.
  int operator()(const std::string& value) const {
    if (value.find('\0') != std::string::npos) return SQLITE_MISMATCH;  // as in PostgreSQL, no NUL
    return sqlite3_bind_text64(statement, index, value.data(), value.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  int operator()(const Blob& value) const {
    // An empty std::string's data() is not null, so this binds an empty BLOB, not NULL.
    return sqlite3_bind_blob64(statement, index, value.bytes.data(), value.bytes.size(),
                               SQLITE_STATIC);
  }
};

Value ColumnValue(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Value(static_cast<int64_t>(sqlite3_column_int64(statement, column)));
    case SQLITE_FLOAT:
      return Value(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return Value(std::string(text, sqlite3_column_bytes(statement, column)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      return Value(Blob{size == 0 ? std::string() : std::string(bytes, size)});
    }
    default:
      return Value();
  }
}

}  // namespace

absl::StatusCode SqliteStatusCode(int result) {
  switch (result) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::StatusCode::kAlreadyExists;
    case SQLITE_CONSTRAINT_DATATYPE:
      return absl::StatusCode::kInvalidArgument;
    default:
      break;
  }
  switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
      return absl::StatusCode::kUnavailable;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kDeadlineExceeded;
    case SQLITE_NOMEM:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return absl::StatusCode::kInvalidArgument;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    default:
      return absl::StatusCode::kInternal;
  }
}

struct SqliteConnection::Statement {
  std::string text;
  sqlite3_stmt* handle = nullptr;
  std::vector<size_t> arguments;  // for each SQLite parameter, the index of its argument
  size_t argument_count = 0;

  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle); }
};

SqliteConnection::SqliteConnection(sqlite3* handle) : handle_(handle) {}

SqliteConnection::~SqliteConnection() {
  by_text_.clear();
  statements_.clear();
  sqlite3_close(handle_);
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& uri,
                                                                         Role role) {
  // SQLite would count allocated bytes under a lock at each allocation; we do not read this count.
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* handle = nullptr;
  const int create = role == Role::kWriter ? SQLITE_OPEN_CREATE : 0;
  const int result = sqlite3_open_v2(uri.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                                         SQLITE_OPEN_EXRESCODE | create,
                                     nullptr);
  if (result != SQLITE_OK) {
    absl::Status status = MakeStatus(result, sqlite3_errstr(result), "open");
    sqlite3_close(handle);
    return status;
  }
  auto connection = std::unique_ptr<SqliteConnection>(new SqliteConnection(handle));
  RETURN_IF_ERROR(connection->Configure(role));
  return connection;
}

absl::Status SqliteConnection::Configure(Role role) {
  sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
  // Double-quoted words are always names, as in PostgreSQL, never strings.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  RETURN_IF_ERROR(Script(kCommonPragmas));
  if (role == Role::kReader) {
    sqlite3_progress_handler(handle_, kStepsBetweenLooks, &SqliteConnection::IsLate, this);
    return Script(kReaderPragmas);
  }
  ASSIGN_OR_RETURN(const Outcome mode, Run("PRAGMA journal_mode=WAL", {}));
  const std::string& journal = mode.rows.at(0).Text(0);
  if (journal != "wal" && journal != "memory") {
    return absl::FailedPreconditionError(
        "SQLite cannot keep a write-ahead log here. The data folder must be on a local disk.");
  }
  return Script(kWriterPragmas);
}

int SqliteConnection::IsLate(void* connection) {
  const absl::Time deadline = static_cast<SqliteConnection*>(connection)->deadline_;
  return deadline != absl::InfiniteFuture() && absl::Now() > deadline ? 1 : 0;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

absl::Status SqliteConnection::Error(absl::string_view statement) const {
  return MakeStatus(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_), statement);
}

absl::Status SqliteConnection::Script(const std::string& script) {
  if (sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Error(script);
  }
  return absl::OkStatus();
}

absl::StatusOr<SqliteConnection::Statement*> SqliteConnection::Prepare(absl::string_view text) {
  if (auto found = by_text_.find(text); found != by_text_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return &statements_.front();
  }
  Statements fresh;
  Statement& statement = fresh.emplace_back();
  statement.text = std::string(text);
  const char* tail = nullptr;
  if (sqlite3_prepare_v3(handle_, statement.text.c_str(), static_cast<int>(text.size() + 1),
                         SQLITE_PREPARE_PERSISTENT, &statement.handle, &tail) != SQLITE_OK) {
    return Error(text);
  }
  if (statement.handle == nullptr ||
      absl::string_view(tail).find_first_not_of(" \n\t;") != absl::string_view::npos) {
    return absl::InternalError(absl::StrCat("Not exactly one statement: ", text.substr(0, 300)));
  }
  // `$1` is a named parameter to SQLite, numbered by its first appearance.
  const int parameters = sqlite3_bind_parameter_count(statement.handle);
  for (int i = 1; i <= parameters; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement.handle, i);
    size_t number = 0;
    if (name == nullptr || name[0] != '$' || !absl::SimpleAtoi(name + 1, &number) || number == 0) {
      return absl::InternalError(absl::StrCat("Parameters are $1, $2, …: ", text.substr(0, 300)));
    }
    statement.arguments.push_back(number - 1);
    statement.argument_count = std::max(statement.argument_count, number);
  }
  if (statements_.size() >= kCachedStatements) {
    by_text_.erase(statements_.back().text);
    statements_.pop_back();
  }
  statements_.splice(statements_.begin(), fresh);
  by_text_.emplace(statements_.front().text, statements_.begin());
  return &statements_.front();
}

absl::Status SqliteConnection::Bind(const Statement& statement, absl::Span<const Value> args) {
  if (args.size() != statement.argument_count) {
    return absl::InternalError(absl::StrCat(args.size(), " arguments for ",
                                            statement.argument_count,
                                            " parameters in: ", statement.text.substr(0, 300)));
  }
  for (size_t i = 0; i < statement.arguments.size(); ++i) {
    const int result = std::visit(Binder{statement.handle, static_cast<int>(i + 1)},
                                  args[statement.arguments[i]].variant());
    if (result != SQLITE_OK) return MakeStatus(result, sqlite3_errstr(result), statement.text);
  }
  return absl::OkStatus();
}

absl::StatusOr<Outcome> SqliteConnection::Step(const Statement& statement) {
  Outcome outcome;
  const int columns = sqlite3_column_count(statement.handle);
  int result;
  while ((result = sqlite3_step(statement.handle)) == SQLITE_ROW) {
    std::vector<Value> values;
    values.reserve(columns);
    for (int i = 0; i < columns; ++i) values.push_back(ColumnValue(statement.handle, i));
    outcome.rows.emplace_back(std::move(values));
  }
  if (result != SQLITE_DONE) return Error(statement.text);
  if (sqlite3_stmt_readonly(statement.handle) == 0) outcome.changed = sqlite3_changes64(handle_);
  return outcome;
}

absl::StatusOr<Outcome> SqliteConnection::Run(absl::string_view text,
                                              absl::Span<const Value> args) {
  ASSIGN_OR_RETURN(Statement * statement, Prepare(text));
  absl::Cleanup reset = [statement] {
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
  };
  RETURN_IF_ERROR(Bind(*statement, args));
  return Step(*statement);
}

absl::Status SqliteTransaction::DoScript(absl::string_view script) {
  RETURN_IF_ERROR(connection_.Script(std::string(script)));
  if (connection_.in_transaction()) return absl::OkStatus();
  return absl::InternalError("A script must not end its transaction.");
}

}  // namespace veche::sql
