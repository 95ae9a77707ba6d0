#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/calls/opinion_cache.h"
#include "services/polling/remote/spam_check.h"
#include "services/polling/storage/initiative_store.h"
#include "services/polling/storage/statement_store.h"
#include "veche/polling/v1/discussions.pb.h"

namespace veche::polling {

// Statements, votes on them, and the map of opinions. Thread-safe; blocking.
class OpinionCalls {
 public:
  struct Parts {
    sql::Database& database;
    InitiativeStore& initiatives;
    StatementStore& statements;
    const Clock& clock;
    IdSource& ids;
    SpamCheck spam_check;  // of new accounts
  };
  // What `parts` refers to must outlive it.
  explicit OpinionCalls(Parts parts)
      : parts_(std::move(parts)), cache_(parts_.database, parts_.statements) {}

  absl::StatusOr<v1::Statement> CreateStatement(const rpc::Call& call,
                                                const v1::CreateStatementRequest& request,
                                                Violations violations = {});
  absl::StatusOr<v1::ListStatementsResponse> ListStatements(
      const rpc::Call& call, const v1::ListStatementsRequest& request, Violations violations = {});
  absl::StatusOr<v1::Statement> VoteOnStatement(const rpc::Call& call,
                                                const v1::VoteOnStatementRequest& request,
                                                Violations violations = {});
  absl::StatusOr<v1::Statement> HideStatement(const rpc::Call& call,
                                              const v1::HideStatementRequest& request);
  absl::StatusOr<v1::OpinionMap> GetOpinionMap(const rpc::Call& call,
                                               const v1::GetOpinionMapRequest& request);

 private:
  const Parts parts_;
  OpinionCache cache_;
};

}  // namespace veche::polling
