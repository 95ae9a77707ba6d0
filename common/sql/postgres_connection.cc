#include "common/sql/postgres_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace veche::sql {
namespace {

constexpr size_t kCachedStatements = 128;
constexpr absl::Duration kGrace = absl::Seconds(1);  // after the deadline, for the server's error

// An open writing transaction delays the event logs' readers in the whole cluster, so these limits
// end transactions with a slow statement or an idle client.
constexpr char kSettings[] =
    "SET statement_timeout = '10s';"  // kStatementTimeout
    "SET lock_timeout = '8s';"
    "SET idle_in_transaction_session_timeout = '10s';"
    "SET client_encoding = 'UTF8';"
    "SET client_min_messages = warning;"
    "SET TimeZone = 'UTC';"
    "SET bytea_output = 'hex';"
    "SET extra_float_digits = 1;";

// Types of columns. PostgreSQL never changes these numbers of pg_type.
enum Oid : unsigned {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kOidType = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// A parameter in text form; nothing for NULL.
struct TextForm {
  std::optional<std::string> operator()(std::monostate) const { return std::nullopt; }
  std::optional<std::string> operator()(int64_t value) const { return absl::StrCat(value); }
  std::optional<std::string> operator()(double value) const {
    return absl::StrFormat("%.17g", value);
  }
  std::optional<std::string> operator()(bool value) const { return value ? "t" : "f"; }
  std::optional<std::string> operator()(const std::string& value) const { return value; }
  std::optional<std::string> operator()(const Blob& value) const {
    return absl::StrCat("\\x", absl::BytesToHexString(value.bytes));
  }
};

// The bytes of an even number of hexadecimal digits, as PostgreSQL writes them. The function of
// Abseil that Debian 12 has is deprecated in Debian 13.
std::string BytesOf(absl::string_view hex) {
  const auto digit = [](char c) { return absl::ascii_isdigit(c) ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  }
  return bytes;
}

Value ColumnValue(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return Value();
  const absl::string_view text(PQgetvalue(result, row, column), PQgetlength(result, row, column));
  switch (PQftype(result, column)) {
    case kBool:
      return Value(text == "t");
    case kInt8:
    case kInt4:
    case kInt2:
    case kOidType: {
      int64_t number = 0;
      (void)absl::SimpleAtoi(text, &number);
      return Value(number);
    }
    case kFloat8:
    case kFloat4:
    case kNumeric: {
      double number = 0;
      (void)absl::SimpleAtod(text, &number);
      return Value(number);
    }
    case kBytea:
      return Value(Blob{BytesOf(text.substr(2))});
    default:
      return Value(text);
  }
}

std::string Field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string QuotedName(absl::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

absl::StatusCode PostgresStatusCode(absl::string_view sqlstate) {
  const absl::string_view cls = sqlstate.substr(0, 2);
  if (sqlstate == "23505") return absl::StatusCode::kAlreadyExists;
  if (sqlstate == "08P01") return absl::StatusCode::kInternal;  // wrong number of arguments
  if (cls == "23") return absl::StatusCode::kFailedPrecondition;
  if (cls == "40") return absl::StatusCode::kAborted;
  // A migration made the plan stale, or a pooler dropped the prepared statement: the next attempt
  // prepares the statement again.
  if (sqlstate == "0A000" || sqlstate == "26000") return absl::StatusCode::kAborted;
  if (sqlstate == "53300") return absl::StatusCode::kUnavailable;  // too many connections
  if (cls == "53" || cls == "54") return absl::StatusCode::kResourceExhausted;
  if (cls == "22") return absl::StatusCode::kInvalidArgument;
  if (sqlstate == "57014") return absl::StatusCode::kDeadlineExceeded;  // statement timeout
  // Lost connections, lock timeouts, shutdown, read-only replica, I/O.
  if (cls == "08" || cls == "55" || cls == "57" || cls == "58" || sqlstate == "25P03") {
    return absl::StatusCode::kUnavailable;
  }
  if (cls == "XX") return absl::StatusCode::kDataLoss;
  return absl::StatusCode::kInternal;
}

absl::StatusOr<std::unique_ptr<PostgresConnection>> PostgresConnection::Open(
    const std::string& connection, const std::string& schema) {
  // Settings in `connection` override these.
  const char* keywords[] = {"connect_timeout",  "keepalives_idle", "tcp_user_timeout",
                            "application_name", "dbname",          nullptr};
  const char* values[] = {"5", "30", "15000", "veche", connection.c_str(), nullptr};
  PGconn* handle = PQconnectdbParams(keywords, values, 1);
  if (handle == nullptr) return absl::ResourceExhaustedError("No memory for a connection.");
  auto opened = std::unique_ptr<PostgresConnection>(new PostgresConnection(handle));
  if (PQstatus(handle) != CONNECTION_OK) {
    return absl::UnavailableError(absl::StrCat("No connection: ", PQerrorMessage(handle)));
  }
  RETURN_IF_ERROR(opened->Configure(schema));
  return opened;
}

PostgresConnection::~PostgresConnection() { PQfinish(handle_); }

absl::Status PostgresConnection::Configure(const std::string& schema) {
  PQsetNoticeProcessor(
      handle_, [](void*, const char*) {}, nullptr);
  RETURN_IF_ERROR(Script(kSettings));
  if (schema.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Outcome found, Run("SELECT 1 FROM pg_namespace WHERE nspname = $1", {schema}));
  if (found.rows.empty()) {
    // Two processes may create the schema at once; AlreadyExists is then fine.
    absl::Status created = Script("CREATE SCHEMA IF NOT EXISTS " + QuotedName(schema));
    if (!created.ok() && !absl::IsAlreadyExists(created)) return created;
  }
  return Script("SET search_path = " + QuotedName(schema));
}

bool PostgresConnection::lost() const { return silent_ || PQstatus(handle_) != CONNECTION_OK; }

bool PostgresConnection::usable() const {
  return !lost() && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

void PostgresConnection::ForgetStatements() {
  forget_ = false;
  by_text_.clear();
  statements_.clear();
  Result(PQexec(handle_, "DEALLOCATE ALL"));
}

absl::Status PostgresConnection::Check(const PGresult* result, absl::string_view statement) {
  const ExecStatusType state = PQresultStatus(result);
  if (state == PGRES_COMMAND_OK || state == PGRES_TUPLES_OK) return absl::OkStatus();
  const std::string sqlstate = Field(result, PG_DIAG_SQLSTATE);
  if (sqlstate.empty() || lost()) return absl::UnavailableError("The connection was lost.");
  if (sqlstate == "0A000" || sqlstate == "26000") forget_ = true;
  const absl::StatusCode code = PostgresStatusCode(sqlstate);
  switch (code) {
    case absl::StatusCode::kInternal:  // only the log sees the text of such a status
    case absl::StatusCode::kDataLoss:
      return absl::Status(code, absl::StrCat("PostgreSQL error ", sqlstate, ": ",
                                             Field(result, PG_DIAG_MESSAGE_PRIMARY),
                                             " in: ", statement.substr(0, 300)));
    case absl::StatusCode::kInvalidArgument:  // the server's message quotes the value
      return absl::Status(code, "A value does not fit the database.");
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:  // contains names, never values
      return absl::Status(
          code,
          absl::StrCat(code == absl::StatusCode::kAlreadyExists ? "Unique key failed: "
                                                                : "Constraint failed: ",
                       Field(result, PG_DIAG_TABLE_NAME), " ",
                       Field(result, PG_DIAG_CONSTRAINT_NAME), Field(result, PG_DIAG_COLUMN_NAME)));
    default:
      return absl::Status(code, absl::StrCat("PostgreSQL error ", sqlstate, ": ",
                                             Field(result, PG_DIAG_MESSAGE_PRIMARY)));
  }
}

bool PostgresConnection::WaitForInput() {
  while (true) {
    const absl::Duration rest = deadline_ + kGrace - absl::Now();
    if (rest <= absl::ZeroDuration()) return false;
    const int64_t milliseconds = absl::ToInt64Milliseconds(std::min(rest, absl::Minutes(1)));
    pollfd file = {PQsocket(handle_), POLLIN, 0};
    const int ready = poll(&file, 1, static_cast<int>(milliseconds) + 1);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // PQgetResult tells the error
  }
}

pg_result* PostgresConnection::Answer() {
  Result last;
  while (true) {
    while (PQisBusy(handle_) != 0) {
      if (!WaitForInput()) {
        silent_ = true;
        return nullptr;
      }
      if (PQconsumeInput(handle_) == 0) break;  // PQgetResult tells the error
    }
    Result next(PQgetResult(handle_));
    if (next == nullptr) return last.release();
    last = std::move(next);
  }
}

absl::Status PostgresConnection::Script(const std::string& script) {
  if (silent_ || PQsendQuery(handle_, script.c_str()) == 0) return Check(nullptr, script);
  return Check(Result(Answer()).get(), script);
}

absl::StatusOr<const PostgresConnection::Statement*> PostgresConnection::Prepare(
    absl::string_view text) {
  if (auto found = by_text_.find(text); found != by_text_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return &statements_.front();
  }
  Statements fresh;
  fresh.push_back({std::string(text), absl::StrCat("s", ++prepared_)});
  const Statement& statement = fresh.front();
  const bool sent =
      PQsendPrepare(handle_, statement.name.c_str(), statement.text.c_str(), 0, nullptr) != 0;
  RETURN_IF_ERROR(Check(Result(sent ? Answer() : nullptr).get(), text));
  if (statements_.size() >= kCachedStatements) {
    RETURN_IF_ERROR(Script("DEALLOCATE " + statements_.back().name));
    by_text_.erase(statements_.back().text);
    statements_.pop_back();
  }
  statements_.splice(statements_.begin(), fresh);
  by_text_.emplace(statements_.front().text, statements_.begin());
  return &statements_.front();
}

absl::StatusOr<Outcome> PostgresConnection::Run(absl::string_view text,
                                                absl::Span<const Value> args) {
  std::vector<std::optional<std::string>> texts;
  std::vector<const char*> values;
  texts.reserve(args.size());
  for (const Value& arg : args) {
    texts.push_back(std::visit(TextForm(), arg.variant()));
    if (texts.back() && texts.back()->find('\0') != std::string::npos) {
      return absl::InvalidArgumentError("A value does not fit the database.");
    }
    values.push_back(texts.back() ? texts.back()->c_str() : nullptr);
  }
  ASSIGN_OR_RETURN(const Statement* statement, Prepare(text));
  const bool sent =
      PQsendQueryPrepared(handle_, statement->name.c_str(), static_cast<int>(values.size()),
                          values.data(), nullptr, nullptr, 0) != 0;
  const Result result(sent ? Answer() : nullptr);
  RETURN_IF_ERROR(Check(result.get(), text));
  Outcome outcome;
  const int columns = PQnfields(result.get());
  const int rows = PQntuples(result.get());
  outcome.rows.reserve(rows);
  for (int row = 0; row < rows; ++row) {
    std::vector<Value> cells;
    cells.reserve(columns);
    for (int column = 0; column < columns; ++column) {
      cells.push_back(ColumnValue(result.get(), row, column));
    }
    outcome.rows.emplace_back(std::move(cells));
  }
  (void)absl::SimpleAtoi(PQcmdTuples(const_cast<PGresult*>(result.get())), &outcome.changed);
  return outcome;
}

absl::Status PostgresConnection::Commit() {
  const bool sent = PQsendQuery(handle_, "COMMIT") != 0;
  const Result result(sent ? Answer() : nullptr);
  RETURN_IF_ERROR(Check(result.get(), "COMMIT"));
  // COMMIT of a failed transaction answers ROLLBACK.
  if (absl::string_view(PQcmdStatus(result.get())) == "COMMIT") return absl::OkStatus();
  return absl::InternalError("A transaction was committed after it had failed.");
}

void PostgresConnection::Rollback() {
  if (lost()) return;
  if (PQtransactionStatus(handle_) != PQTRANS_IDLE) Result(PQexec(handle_, "ROLLBACK"));
  if (forget_) ForgetStatements();
}

}  // namespace veche::sql
