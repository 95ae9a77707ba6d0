#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/stable_hash.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"

namespace veche::sql {
namespace {

struct Migration {
  std::string name;  // "0002_x"
  std::string checksum;
  absl::string_view script;
};

// Only detects files that were edited after they had been applied; not for security.
std::string Checksum(absl::string_view text) { return absl::StrFormat("%016x", StableHash(text)); }

// The migrations of one engine in order of their names.
absl::StatusOr<std::vector<Migration>> Select(
    Engine engine, absl::Span<const absl::Span<const EmbeddedFile>> sources) {
  const bool sqlite = engine == Engine::kSqlite;
  const absl::string_view own = sqlite ? ".sqlite" : ".postgres";
  const absl::string_view other = sqlite ? ".postgres" : ".sqlite";
  std::vector<Migration> selected;
  for (absl::Span<const EmbeddedFile> source : sources) {
    for (const EmbeddedFile& file : source) {
      absl::string_view name = file.name;
      if (!absl::ConsumeSuffix(&name, ".sql")) {
        return absl::InvalidArgumentError(absl::StrCat("Not a migration: ", file.name));
      }
      if (absl::EndsWith(name, other)) continue;
      absl::ConsumeSuffix(&name, own);
      selected.push_back({std::string(name), Checksum(file.content), file.content});
    }
  }
  std::sort(selected.begin(), selected.end(),
            [](const Migration& a, const Migration& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(selected.begin(), selected.end(),
                         [](const Migration& a, const Migration& b) { return a.name == b.name; });
  if (twice != selected.end()) {
    return absl::InvalidArgumentError(absl::StrCat("Two migrations are named ", twice->name, "."));
  }
  return selected;
}

// Other processes that migrate wait here, however long this transaction takes. In SQLite the
// writing transaction itself is this lock.
absl::Status LockOutOthers(Transaction& transaction, absl::Duration lock_timeout) {
  if (transaction.engine() == Engine::kSqlite) return absl::OkStatus();
  RETURN_IF_ERROR(transaction
                      .Query("SELECT set_config('statement_timeout', '0', true), "
                             "set_config('lock_timeout', '0', true)")
                      .status());
  RETURN_IF_ERROR(
      transaction
          .Query("SELECT pg_advisory_xact_lock(hashtext('veche.migrate.' || current_schema()))")
          .status());
  return transaction
      .Query("SELECT set_config('lock_timeout', $1, true)",
             absl::StrCat(absl::ToInt64Milliseconds(lock_timeout), "ms"))
      .status();
}

// Whether a migration gave way to those who use its table: SQLSTATE lock_not_available.
bool GaveWay(const absl::Status& status) {
  return absl::IsUnavailable(status) && absl::StrContains(status.message(), "55P03");
}

absl::StatusOr<std::map<std::string, std::string>> ReadApplied(Transaction& transaction) {
  RETURN_IF_ERROR(
      transaction.ExecuteScript("CREATE TABLE IF NOT EXISTS schema_migrations ("
                                "name TEXT PRIMARY KEY, checksum TEXT NOT NULL, "
                                "apply_time BIGINT NOT NULL)"));
  ASSIGN_OR_RETURN(std::vector<Row> rows,
                   transaction.Query("SELECT name, checksum FROM schema_migrations"));
  std::map<std::string, std::string> applied;
  for (const Row& row : rows) applied[row.Text(0)] = row.Text(1);
  return applied;
}

absl::Status CheckApplied(const std::vector<Migration>& migrations,
                          std::map<std::string, std::string> applied) {
  for (const Migration& migration : migrations) {
    auto found = applied.find(migration.name);
    if (found == applied.end()) continue;
    if (found->second != migration.checksum) {
      return absl::FailedPreconditionError(
          absl::StrCat("The migration ", migration.name,
                       " was applied to the database with another text. Migrations never change: "
                       "write a new one."));
    }
    applied.erase(found);
  }
  if (applied.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "The database is newer than this program: it has the migration ", applied.rbegin()->first,
      ". Start the version of the program that made it or a later one. To go back to this version, "
      "restore the backup that was made before the update."));
}

// Applies the first migration that the database lacks; sets `done` when no migration is missing.
absl::Status ApplyNext(Transaction& transaction, const std::vector<Migration>& migrations,
                       absl::Duration lock_timeout, bool& done) {
  RETURN_IF_ERROR(LockOutOthers(transaction, lock_timeout));
  ASSIGN_OR_RETURN(const auto applied, ReadApplied(transaction));
  RETURN_IF_ERROR(CheckApplied(migrations, applied));
  const auto next =
      std::find_if(migrations.begin(), migrations.end(),
                   [&](const Migration& migration) { return !applied.contains(migration.name); });
  done = next == migrations.end();
  if (done) return absl::OkStatus();
  if (absl::Status status = transaction.ExecuteScript(next->script); !status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("Migration ", next->name, ": ", status.message()));
  }
  return transaction
      .Execute("INSERT INTO schema_migrations (name, checksum, apply_time) VALUES ($1, $2, $3)",
               next->name, next->checksum, ToMicros(absl::Now()))
      .status();
}

}  // namespace

absl::Status Migrate(Database& database, absl::Span<const absl::Span<const EmbeddedFile>> sources,
                     const MigrateOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<Migration> migrations, Select(database.engine(), sources));
  const absl::Time give_up = absl::Now() + options.patience;
  bool done = false;
  while (!done) {
    absl::Status status = database.Write([&](Transaction& transaction) {
      return ApplyNext(transaction, migrations, options.lock_timeout, done);
    });
    // Those who wait behind the migration's lock go first: its own wait is the pause.
    if (GaveWay(status) && absl::Now() < give_up) continue;
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status Migrate(Database& database, absl::Span<const EmbeddedFile> migrations,
                     const MigrateOptions& options) {
  return Migrate(database, absl::MakeConstSpan(&migrations, 1), options);
}

}  // namespace veche::sql
