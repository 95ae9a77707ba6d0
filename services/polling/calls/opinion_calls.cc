#include "services/polling/calls/opinion_calls.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/api/page.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "services/polling/calls/discussion_view.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/comment_rules.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"

namespace veche::polling {
namespace {

constexpr TextBounds kText = {.least = 5, .most = 140, .single_line = true};
constexpr size_t kMostShown = 10;  // statements of a map that unite or divide

v1::Statement ToWire(const Statement& statement, const auth::Principal& principal,
                     StatementVote vote) {
  v1::Statement wire;
  wire.set_name(StatementName(statement.id));
  wire.set_parent(InitiativeName(statement.initiative));
  if (IsModerator(principal)) {
    wire.set_text(statement.text);
  } else if (!statement.hidden) {
    wire.set_text(PublicText(statement));
  }
  *wire.mutable_create_time() = api::ToTimestamp(statement.created);
  wire.set_vote(static_cast<v1::Statement::Vote>(vote));
  wire.set_hidden(statement.hidden);
  wire.set_mine(!principal.anonymous() && statement.author == principal.name);
  return wire;
}

v1::OpinionMap::Opinion ToWire(const opinions::StatementOpinion& opinion, v1::Statement statement) {
  v1::OpinionMap::Opinion wire;
  *wire.mutable_statement() = std::move(statement);
  for (const opinions::VoteCounts& counts : opinion.groups) {
    auto& group = *wire.add_groups();
    group.set_agree(counts.agree);
    group.set_disagree(counts.disagree);
    group.set_pass(counts.pass);
  }
  wire.set_agreement(opinion.agree_consensus);
  wire.set_disagreement(opinion.disagree_consensus);
  wire.set_division(opinion.division);
  return wire;
}

}  // namespace

absl::StatusOr<v1::Statement> OpinionCalls::CreateStatement(
    const rpc::Call& call, const v1::CreateStatementRequest& request, Violations violations) {
  Statement statement;
  ASSIGN_OR_RETURN(statement.initiative, ParseInitiativeName(request.parent()));
  const auth::Principal& principal = call.principal();
  statement.text = ReadText(request.text(), "text", kText, violations);
  statement.created = absl::FromUnixMillis(absl::ToUnixMillis(parts_.clock.Now()));
  RETURN_IF_ERROR(violations.ToStatus());
  if (AccountAge(principal.name, statement.created) < kNewAccount) {
    const absl::StatusOr<Text> problem = parts_.spam_check(call, statement.text, {});
    // Others vote on a statement at once, so nothing can be held for a moderator.
    if (!problem.ok()) return absl::UnavailableError("the spam check does not answer");
    if (!problem->empty()) violations.Add("text", *problem);
  }
  if (const Text problem = SpamProblem(statement.text, {}); !problem.empty()) {
    violations.Add("text", problem);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  statement.masked_text = MaskIfNeeded(statement.text);
  statement.folded = text::Fold(statement.text);
  statement.author = principal.name;
  statement.id = parts_.ids.NewAt(statement.created);
  v1::Statement response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Initiative initiative,
                     GetVisible(transaction, parts_.initiatives, statement.initiative, principal));
    RETURN_IF_ERROR(CheckDiscussionOpen(initiative));
    RETURN_IF_ERROR(parts_.statements.Create(transaction, statement));
    response = ToWire(statement, principal, StatementVote::kNone);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListStatementsResponse> OpinionCalls::ListStatements(
    const rpc::Call& call, const v1::ListStatementsRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const std::string initiative, ParseInitiativeName(request.parent()));
  const auth::Principal& principal = call.principal();
  const api::Page asked(request, "", violations);
  const std::string after = asked.Place(IsUlid, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::ListStatementsResponse response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    RETURN_IF_ERROR(GetVisible(transaction, parts_.initiatives, initiative, principal).status());
    ASSIGN_OR_RETURN(std::vector<Statement> statements,
                     parts_.statements.List(transaction, initiative, IsModerator(principal), after,
                                            asked.size()));
    if (static_cast<int>(statements.size()) > asked.size()) {
      statements.pop_back();
      response.set_next_page_token(asked.TokenAfter(statements.back().id));
    }
    std::vector<std::string> ids;
    ids.reserve(statements.size());
    for (const Statement& statement : statements) ids.push_back(statement.id);
    ASSIGN_OR_RETURN(auto votes, parts_.statements.VotesOf(
                                     transaction, principal.resident() ? principal.name : "", ids));
    for (const Statement& statement : statements) {
      *response.add_statements() = ToWire(statement, principal, votes[statement.id]);
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::Statement> OpinionCalls::VoteOnStatement(
    const rpc::Call& call, const v1::VoteOnStatementRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const std::string id, ParseStatementName(request.name()));
  if (!v1::Statement::Vote_IsValid(request.value()) ||
      request.value() == v1::Statement::VOTE_UNSPECIFIED) {
    violations.Add("value", "UNKNOWN_VALUE");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const auto vote = static_cast<StatementVote>(request.value());
  v1::Statement response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Statement statement, parts_.statements.Get(transaction, id));
    ASSIGN_OR_RETURN(
        const Initiative initiative,
        GetVisible(transaction, parts_.initiatives, statement.initiative, call.principal()));
    RETURN_IF_ERROR(CheckDiscussionOpen(initiative));
    if (statement.hidden) return StatementNotFound(request.name());
    RETURN_IF_ERROR(parts_.statements.SetVote(transaction, statement, call.principal().name, vote));
    response = ToWire(statement, call.principal(), vote);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Statement> OpinionCalls::HideStatement(const rpc::Call& call,
                                                          const v1::HideStatementRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseStatementName(request.name()));
  v1::Statement response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Statement statement, parts_.statements.Get(transaction, id));
    if (!statement.hidden) RETURN_IF_ERROR(parts_.statements.Hide(transaction, statement));
    statement.hidden = true;
    response = ToWire(statement, call.principal(), StatementVote::kNone);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::OpinionMap> OpinionCalls::GetOpinionMap(
    const rpc::Call& call, const v1::GetOpinionMapRequest& request) {
  ASSIGN_OR_RETURN(const std::string initiative, ParseInitiativeName(request.parent()));
  std::vector<Statement> statements;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        GetVisible(transaction, parts_.initiatives, initiative, call.principal()).status());
    ASSIGN_OR_RETURN(statements, parts_.statements.List(transaction, initiative, /*hidden=*/false,
                                                        "", kMostStatements));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const std::shared_ptr<const ComputedMap> computed, cache_.Get(initiative));
  const opinions::OpinionMap& map = computed->map;
  v1::OpinionMap response;
  response.set_participant_count(computed->participants);
  response.set_statement_count(static_cast<int64_t>(statements.size()));
  response.set_silhouette(map.silhouette);
  for (const opinions::Group& group : map.groups) {
    auto& wire = *response.add_groups();
    wire.set_size(group.size);
    wire.set_x(group.x);
    wire.set_y(group.y);
  }
  absl::flat_hash_map<std::string, const Statement*> shown;
  for (const Statement& statement : statements) shown[statement.id] = &statement;
  const auto add = [&](const std::vector<int>& indexes,
                       google::protobuf::RepeatedPtrField<v1::OpinionMap::Opinion>& wire) {
    for (const int index : indexes) {
      if (wire.size() == kMostShown) return;
      const auto found = shown.find(computed->statements[static_cast<size_t>(index)]);
      if (found == shown.end()) continue;
      *wire.Add() = ToWire(map.statements[static_cast<size_t>(index)],
                           ToWire(*found->second, call.principal(), StatementVote::kNone));
    }
  };
  add(map.uniting, *response.mutable_uniting());
  add(map.dividing, *response.mutable_dividing());
  return response;
}

}  // namespace veche::polling
