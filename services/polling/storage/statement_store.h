#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/polling/domain/statement.h"

namespace veche::polling {

// A vote of a resident, as the opinion map reads it.
struct StatementVoteRow {
  int64_t change = 0;
  std::string statement;  // id
  std::string resident;
  StatementVote vote = StatementVote::kNone;
  bool hidden = false;  // the statement
};

// Keeps the statements of discussions and the votes on them. Changes of one discussion's votes are
// numbered in the order in which they become visible, so that a reader can go on where it stopped.
// Stateless; thread-safe.
class StatementStore {
 public:
  // STATEMENT_EXISTS when the discussion has one that reads the same; TOO_MANY_STATEMENTS.
  absl::Status Create(sql::Transaction& transaction, const Statement& statement);
  // STATEMENT_NOT_FOUND when there is none.
  absl::StatusOr<Statement> Get(sql::Transaction& transaction, absl::string_view id);
  // Hides a statement; its votes count as changed.
  absl::Status Hide(sql::Transaction& transaction, const Statement& statement);
  // The statements after the one with the id `after` ("" = all), oldest first, one more than
  // `limit` when there are more; hidden ones if `hidden`.
  absl::StatusOr<std::vector<Statement>> List(sql::Transaction& transaction,
                                              absl::string_view initiative, bool hidden,
                                              absl::string_view after, int limit);

  // Sets a vote; the same vote again changes nothing.
  absl::Status SetVote(sql::Transaction& transaction, const Statement& statement,
                       absl::string_view resident, StatementVote vote);
  // The resident's votes on the statements with `ids`; those without one are absent.
  absl::StatusOr<absl::flat_hash_map<std::string, StatementVote>> VotesOf(
      sql::Transaction& transaction, absl::string_view resident, absl::Span<const std::string> ids);
  // The votes of a discussion that changed after the row `after` (by change, statement, resident),
  // in this order, at most `limit`.
  absl::StatusOr<std::vector<StatementVoteRow>> ListChanges(sql::Transaction& transaction,
                                                            absl::string_view initiative,
                                                            const StatementVoteRow& after,
                                                            int limit);

 private:
  // Locks the discussion's changes until the transaction ends and returns the next number.
  absl::StatusOr<int64_t> NextChange(sql::Transaction& transaction, absl::string_view initiative);
};

}  // namespace veche::polling
