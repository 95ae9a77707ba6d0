#include "services/classification/storage/sql_example_store.h"

#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::classification {
namespace {

Decided ReadDecided(const sql::Row& row) {
  return {.appeal = row.Text(0),
          .kind = static_cast<LabelKind>(row.Int(1)),
          .decision = static_cast<Decision>(row.Int(2)),
          .label = row.Text(3),
          .previous = row.Text(4),
          .staff = row.Text(5),
          .time = FromMicros(row.Int(6)),
          .model = row.Text(7),
          .suggested = row.Text(8),
          .shadow_model = row.Text(9),
          .shadow = row.Text(10)};
}

absl::StatusOr<Tally> ReadTally(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  return Tally{.yes = (*rows)[0].Int(0), .of = (*rows)[0].Int(1)};
}

}  // namespace

absl::Status SqlExampleStore::PutRouting(sql::Transaction& transaction, const Routing& routing) {
  return transaction
      .Execute(
          "INSERT INTO routings (appeal, category, department, model, confident, route_time, "
          "shadow_model, shadow) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
          "ON CONFLICT (appeal) DO UPDATE SET category = excluded.category, "
          "department = excluded.department, model = excluded.model, "
          "confident = excluded.confident, route_time = excluded.route_time, "
          "shadow_model = excluded.shadow_model, shadow = excluded.shadow",
          routing.appeal, routing.category, routing.department, routing.model, routing.confident,
          ToMicros(routing.time), routing.shadow_model, routing.shadow)
      .status();
}

absl::StatusOr<std::optional<Routing>> SqlExampleStore::FindRouting(sql::Transaction& transaction,
                                                                    absl::string_view appeal) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT appeal, category, department, model, confident, "
                                     "route_time, shadow_model, shadow "
                                     "FROM routings WHERE appeal = $1",
                                     appeal));
  if (rows.empty()) return std::nullopt;
  const sql::Row& row = rows[0];
  return Routing{.appeal = row.Text(0),
                 .category = row.Text(1),
                 .department = row.Text(2),
                 .model = row.Text(3),
                 .confident = row.Bool(4),
                 .time = FromMicros(row.Int(5)),
                 .shadow_model = row.Text(6),
                 .shadow = row.Text(7)};
}

absl::Status SqlExampleStore::PutDecision(sql::Transaction& transaction, Decided decided) {
  if (decided.kind != LabelKind::kMerge) {
    ASSIGN_OR_RETURN(const std::optional<Routing> routing,
                     FindRouting(transaction, decided.appeal));
    if (routing) {
      const bool category = decided.kind == LabelKind::kCategory;
      decided.model = routing->model;
      decided.suggested = category ? routing->category : routing->department;
      decided.shadow_model = category ? routing->shadow_model : "";
      decided.shadow = category ? routing->shadow : "";
    }
  }
  return transaction
      .Execute(
          "INSERT INTO examples (appeal, kind, decision, label, previous, staff, decide_time, "
          "model, suggested, shadow_model, shadow) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
          "ON CONFLICT (appeal, kind) DO UPDATE SET decision = excluded.decision, "
          "label = excluded.label, previous = excluded.previous, staff = excluded.staff, "
          "decide_time = excluded.decide_time, model = excluded.model, "
          "suggested = excluded.suggested, shadow_model = excluded.shadow_model, "
          "shadow = excluded.shadow "
          // What staff said outlasts what they let stand, and the later word the earlier.
          "WHERE (excluded.decision <> $12 AND excluded.decide_time >= examples.decide_time) "
          "OR (examples.decision = $12 AND examples.label <> excluded.label)",
          decided.appeal, static_cast<int>(decided.kind), static_cast<int>(decided.decision),
          decided.label, decided.previous, decided.staff, ToMicros(decided.time), decided.model,
          decided.suggested, decided.shadow_model, decided.shadow,
          static_cast<int>(Decision::kKept))
      .status();
}

absl::StatusOr<std::optional<Decided>> SqlExampleStore::FindDecision(sql::Transaction& transaction,
                                                                     absl::string_view appeal,
                                                                     LabelKind kind) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT appeal, kind, decision, label, previous, staff, "
                                     "decide_time, model, suggested, shadow_model, shadow "
                                     "FROM examples WHERE appeal = $1 AND kind = $2",
                                     appeal, static_cast<int>(kind)));
  if (rows.empty()) return std::nullopt;
  return ReadDecided(rows[0]);
}

absl::StatusOr<std::vector<Decided>> SqlExampleStore::ListDecisions(sql::Transaction& transaction,
                                                                    LabelKind kind,
                                                                    const ExamplePosition& before,
                                                                    int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT appeal, kind, decision, label, previous, staff, decide_time, "
                        "model, suggested, shadow_model, shadow FROM examples "
                        "WHERE kind = $1 AND (decide_time, appeal) < ($2, $3) "
                        "ORDER BY decide_time DESC, appeal DESC LIMIT $4",
                        static_cast<int>(kind), ToMicros(before.time), before.appeal, limit));
  std::vector<Decided> decisions;
  for (const sql::Row& row : rows) decisions.push_back(ReadDecided(row));
  return decisions;
}

absl::StatusOr<int64_t> SqlExampleStore::CountDecisions(sql::Transaction& transaction,
                                                        absl::Time since, int64_t limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT COUNT(*) FROM (SELECT appeal FROM examples WHERE kind = $1 AND "
                        "decide_time > $2 LIMIT $3) AS newer",
                        static_cast<int>(LabelKind::kCategory), ToMicros(since), limit));
  return rows[0].Int(0);
}

absl::StatusOr<std::map<std::string, int64_t>> SqlExampleStore::CategoryMix(
    sql::Transaction& transaction, int64_t window) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT category, COUNT(*) FROM (SELECT category FROM routings ORDER BY "
                        "route_time DESC, appeal DESC LIMIT $1) AS newest GROUP BY category",
                        window));
  std::map<std::string, int64_t> mix;
  for (const sql::Row& row : rows) {
    if (!row.Text(0).empty()) mix[row.Text(0)] = row.Int(1);
  }
  return mix;
}

absl::StatusOr<Tally> SqlExampleStore::Abstained(sql::Transaction& transaction, int64_t window) {
  return ReadTally(transaction.Query(
      "SELECT COUNT(*) FILTER (WHERE NOT confident), COUNT(*) FROM (SELECT confident FROM "
      "routings ORDER BY route_time DESC, appeal DESC LIMIT $1) AS newest",
      window));
}

absl::StatusOr<Tally> SqlExampleStore::Agreement(sql::Transaction& transaction, LabelKind kind,
                                                 int64_t window) {
  return ReadTally(transaction.Query(
      "SELECT COUNT(*) FILTER (WHERE suggested = label), COUNT(*) FILTER (WHERE suggested <> '') "
      "FROM (SELECT suggested, label FROM examples WHERE kind = $1 "
      "ORDER BY decide_time DESC, appeal DESC LIMIT $2) AS newest",
      static_cast<int>(kind), window));
}

absl::StatusOr<Tally> SqlExampleStore::ShadowAgreement(sql::Transaction& transaction,
                                                       absl::string_view shadow,
                                                       absl::string_view active, int64_t window) {
  return ReadTally(
      transaction.Query("SELECT COUNT(*) FILTER (WHERE shadow = category), COUNT(*) FROM (SELECT "
                        "shadow, category FROM routings WHERE shadow_model = $1 AND model = $2 "
                        "ORDER BY route_time DESC LIMIT $3) AS newest",
                        shadow, active, window));
}

absl::StatusOr<PairsByPerson> SqlExampleStore::ShadowPairs(sql::Transaction& transaction,
                                                           absl::string_view shadow,
                                                           absl::string_view active,
                                                           int64_t window) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(
          "SELECT staff, COUNT(*), COUNT(*) FILTER (WHERE shadow = label AND suggested <> label), "
          "COUNT(*) FILTER (WHERE shadow <> label AND suggested = label) FROM (SELECT staff, "
          "shadow, suggested, label FROM examples WHERE shadow_model = $1 AND model = $2 "
          "ORDER BY decide_time DESC LIMIT $3) AS newest GROUP BY staff",
          shadow, active, window));
  PairsByPerson pairs;
  for (const sql::Row& row : rows) {
    pairs[row.Text(0)] = {.of = row.Int(1), .gained = row.Int(2), .lost = row.Int(3)};
  }
  return pairs;
}

absl::StatusOr<int64_t> SqlExampleStore::Prune(sql::Transaction& transaction,
                                               absl::Time routings_before,
                                               absl::Time decisions_before, int limit) {
  ASSIGN_OR_RETURN(const int64_t routings,
                   transaction.Execute("DELETE FROM routings WHERE appeal IN (SELECT appeal FROM "
                                       "routings WHERE route_time < $1 LIMIT $2)",
                                       ToMicros(routings_before), limit));
  int64_t deleted = routings;
  for (LabelKind kind : {LabelKind::kCategory, LabelKind::kDepartment, LabelKind::kMerge}) {
    ASSIGN_OR_RETURN(
        const int64_t decisions,
        transaction.Execute("DELETE FROM examples WHERE kind = $1 AND appeal IN (SELECT appeal "
                            "FROM examples WHERE kind = $1 AND decide_time < $2 LIMIT $3)",
                            static_cast<int>(kind), ToMicros(decisions_before), limit));
    deleted += decisions;
  }
  return deleted;
}

}  // namespace veche::classification
