#include "services/polling/storage/statement_store.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/storage/select_statement.h"

namespace veche::polling {
namespace {

template <auto kMember>
constexpr sql::Column<Statement> Field(absl::string_view name) {
  return sql::MemberColumn<Statement, kMember>(name);
}

constexpr sql::Column<Statement> kColumns[] = {
    Field<&Statement::id>("id"),
    Field<&Statement::initiative>("initiative"),
    Field<&Statement::author>("author"),
    Field<&Statement::text>("text"),
    Field<&Statement::masked_text>("masked_text"),
    Field<&Statement::folded>("folded"),
    Field<&Statement::created>("create_time"),
    Field<&Statement::hidden>("hidden"),
};

std::string Select() {
  return absl::StrCat("SELECT ", sql::ColumnList(kColumns), " FROM statements");
}

}  // namespace

absl::StatusOr<int64_t> StatementStore::NextChange(sql::Transaction& transaction,
                                                   absl::string_view initiative) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("INSERT INTO opinion_changes (initiative, change) "
                                     "VALUES ($1, 1) ON CONFLICT (initiative) DO UPDATE "
                                     "SET change = opinion_changes.change + 1 RETURNING change",
                                     initiative));
  return rows.at(0).Int(0);
}

absl::Status StatementStore::Create(sql::Transaction& transaction, const Statement& statement) {
  // Others who add a statement wait, so that the counts are exact.
  RETURN_IF_ERROR(NextChange(transaction, statement.initiative).status());
  ASSIGN_OR_RETURN(auto same, transaction.Query(
                                  "SELECT id FROM statements WHERE initiative = $1 AND folded = $2",
                                  statement.initiative, statement.folded));
  if (!same.empty()) return StatementExists(StatementName(same[0].Text(0)));
  ASSIGN_OR_RETURN(auto all, transaction.Query("SELECT COUNT(*) FROM statements WHERE "
                                               "initiative = $1",
                                               statement.initiative));
  ASSIGN_OR_RETURN(auto own, transaction.Query("SELECT COUNT(*) FROM statements WHERE "
                                               "initiative = $1 AND author = $2",
                                               statement.initiative, statement.author));
  if (all.at(0).Int(0) >= kMostStatements || own.at(0).Int(0) >= kMostStatementsEach) {
    return TooManyStatements();
  }
  static const std::string& insert = *new std::string(sql::InsertStatement("statements", kColumns));
  return transaction.ExecuteWith(insert, sql::ColumnValues(kColumns, statement)).status();
}

absl::StatusOr<Statement> StatementStore::Get(sql::Transaction& transaction, absl::string_view id) {
  static const std::string& select = *new std::string(absl::StrCat(Select(), " WHERE id = $1"));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(select, id));
  if (rows.empty()) return StatementNotFound(StatementName(id));
  return sql::ReadObject(kColumns, rows[0]);
}

absl::Status StatementStore::Hide(sql::Transaction& transaction, const Statement& statement) {
  ASSIGN_OR_RETURN(const int64_t change, NextChange(transaction, statement.initiative));
  RETURN_IF_ERROR(
      transaction.Execute("UPDATE statements SET hidden = TRUE WHERE id = $1", statement.id)
          .status());
  return transaction
      .Execute("UPDATE statement_votes SET change = $2 WHERE statement = $1", statement.id, change)
      .status();
}

absl::StatusOr<std::vector<Statement>> StatementStore::List(sql::Transaction& transaction,
                                                            absl::string_view initiative,
                                                            bool hidden, absl::string_view after,
                                                            int limit) {
  SelectStatement statement(Select());
  statement.And("initiative", "=", initiative);
  if (!after.empty()) statement.And("id", ">", after);
  if (!hidden) statement.And("hidden", "=", false);
  statement.Append(absl::StrCat(" ORDER BY id LIMIT ", statement.Bind(limit + 1)));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  std::vector<Statement> statements;
  statements.reserve(rows.size());
  for (const sql::Row& row : rows) statements.push_back(sql::ReadObject(kColumns, row));
  return statements;
}

absl::Status StatementStore::SetVote(sql::Transaction& transaction, const Statement& statement,
                                     absl::string_view resident, StatementVote vote) {
  ASSIGN_OR_RETURN(const int64_t change, NextChange(transaction, statement.initiative));
  return transaction
      .Execute(
          "INSERT INTO statement_votes (statement, resident, initiative, vote, change) "
          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (statement, resident) DO UPDATE "
          "SET vote = excluded.vote, change = excluded.change "
          "WHERE statement_votes.vote <> excluded.vote",
          statement.id, resident, statement.initiative, static_cast<int>(vote), change)
      .status();
}

absl::StatusOr<absl::flat_hash_map<std::string, StatementVote>> StatementStore::VotesOf(
    sql::Transaction& transaction, absl::string_view resident, absl::Span<const std::string> ids) {
  absl::flat_hash_map<std::string, StatementVote> votes;
  if (ids.empty() || resident.empty()) return votes;
  SelectStatement statement("SELECT statement, vote FROM statement_votes");
  statement.And("resident", "=", resident).AndIn("statement", ids);
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  for (const sql::Row& row : rows) votes[row.Text(0)] = static_cast<StatementVote>(row.Int(1));
  return votes;
}

absl::StatusOr<std::vector<StatementVoteRow>> StatementStore::ListChanges(
    sql::Transaction& transaction, absl::string_view initiative, const StatementVoteRow& after,
    int limit) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query(
          "SELECT v.change, v.statement, v.resident, v.vote, s.hidden FROM statement_votes v "
          "JOIN statements s ON s.id = v.statement WHERE v.initiative = $1 "
          "AND (v.change, v.statement, v.resident) > ($2, $3, $4) "
          "ORDER BY v.change, v.statement, v.resident LIMIT $5",
          initiative, after.change, after.statement, after.resident, limit));
  std::vector<StatementVoteRow> votes;
  votes.reserve(rows.size());
  for (const sql::Row& row : rows) {
    votes.push_back({row.Int(0), row.Text(1), row.Text(2), static_cast<StatementVote>(row.Int(3)),
                     row.Bool(4)});
  }
  return votes;
}

}  // namespace veche::polling
