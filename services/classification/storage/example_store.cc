#include "services/classification/storage/example_store.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"

namespace veche::classification {
namespace {

template <auto kMember>
constexpr sql::Column<Routing> RoutingField(absl::string_view name) {
  return sql::MemberColumn<Routing, kMember>(name);
}

// The key comes first.
constexpr sql::Column<Routing> kRoutings[] = {
    RoutingField<&Routing::appeal>("appeal"),
    RoutingField<&Routing::category>("category"),
    RoutingField<&Routing::department>("department"),
    RoutingField<&Routing::model>("model"),
    RoutingField<&Routing::confident>("confident"),
    RoutingField<&Routing::time>("route_time"),
    RoutingField<&Routing::shadow_model>("shadow_model"),
    RoutingField<&Routing::shadow>("shadow"),
};

template <auto kMember>
constexpr sql::Column<StaffDecision> DecisionField(absl::string_view name) {
  return sql::MemberColumn<StaffDecision, kMember>(name);
}

// The two columns of the key come first.
constexpr sql::Column<StaffDecision> kExamples[] = {
    DecisionField<&StaffDecision::appeal>("appeal"),
    DecisionField<&StaffDecision::kind>("kind"),
    DecisionField<&StaffDecision::decision>("decision"),
    DecisionField<&StaffDecision::label>("label"),
    DecisionField<&StaffDecision::previous>("previous"),
    DecisionField<&StaffDecision::staff>("staff"),
    DecisionField<&StaffDecision::time>("decide_time"),
    DecisionField<&StaffDecision::model>("model"),
    DecisionField<&StaffDecision::suggested>("suggested"),
    DecisionField<&StaffDecision::shadow_model>("shadow_model"),
    DecisionField<&StaffDecision::shadow>("shadow"),
};

absl::StatusOr<Tally> ReadTally(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  return Tally{.yes = (*rows)[0].Int(0), .of = (*rows)[0].Int(1)};
}

}  // namespace

absl::Status ExampleStore::PutRouting(sql::Transaction& transaction, const Routing& routing) {
  static const auto& kPut = *new std::string(
      absl::StrCat(sql::InsertStatement("routings", kRoutings),
                   " ON CONFLICT (appeal) DO UPDATE SET ", sql::SetExcluded(kRoutings, 1)));
  return transaction.ExecuteWith(kPut, sql::ColumnValues(kRoutings, routing)).status();
}

absl::StatusOr<std::optional<Routing>> ExampleStore::FindRouting(sql::Transaction& transaction,
                                                                 absl::string_view appeal) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kRoutings),
                                                  " FROM routings WHERE appeal = $1"),
                                     appeal));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kRoutings, rows[0]);
}

absl::Status ExampleStore::PutDecision(sql::Transaction& transaction, StaffDecision decision) {
  if (decision.kind != LabelKind::kMerge) {
    ASSIGN_OR_RETURN(const std::optional<Routing> routing,
                     FindRouting(transaction, decision.appeal));
    if (routing) {
      const bool category = decision.kind == LabelKind::kCategory;
      decision.model = routing->model;
      decision.suggested = category ? routing->category : routing->department;
      decision.shadow_model = category ? routing->shadow_model : "";
      decision.shadow = category ? routing->shadow : "";
    }
  }
  // A label that a person chose stays when a later person only keeps it.
  static const auto& kPut = *new std::string(absl::StrCat(
      sql::InsertStatement("examples", kExamples), " ON CONFLICT (appeal, kind) DO UPDATE SET ",
      sql::SetExcluded(kExamples, 2),
      " WHERE (excluded.decision <> $12 AND excluded.decide_time >= examples.decide_time) "
      "OR (examples.decision = $12 AND examples.label <> excluded.label)"));
  static_assert(std::size(kExamples) == 11, "the next parameter is $12");
  std::vector<sql::Value> values = sql::ColumnValues(kExamples, decision);
  values.push_back(sql::ToValue(Decision::kKept));
  return transaction.ExecuteWith(kPut, values).status();
}

absl::StatusOr<std::optional<StaffDecision>> ExampleStore::FindDecision(
    sql::Transaction& transaction, absl::string_view appeal, LabelKind kind) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kExamples),
                                                  " FROM examples WHERE appeal = $1 AND kind = $2"),
                                     appeal, sql::ToValue(kind)));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kExamples, rows[0]);
}

absl::StatusOr<std::vector<StaffDecision>> ExampleStore::ListDecisions(
    sql::Transaction& transaction, LabelKind kind, const ExamplePosition& before, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kExamples),
                                     " FROM examples "
                                     "WHERE kind = $1 AND (decide_time, appeal) < ($2, $3) "
                                     "ORDER BY decide_time DESC, appeal DESC LIMIT $4"),
                        sql::ToValue(kind), ToMicros(before.time), before.appeal, limit));
  std::vector<StaffDecision> decisions;
  for (const sql::Row& row : rows) decisions.push_back(sql::ReadObject(kExamples, row));
  return decisions;
}

absl::StatusOr<int64_t> ExampleStore::CountDecisions(sql::Transaction& transaction,
                                                     absl::Time since, int64_t limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT COUNT(*) FROM (SELECT appeal FROM examples WHERE kind = $1 AND "
                        "decide_time > $2 LIMIT $3) AS newer",
                        static_cast<int>(LabelKind::kCategory), ToMicros(since), limit));
  return rows[0].Int(0);
}

absl::StatusOr<std::map<std::string, int64_t>> ExampleStore::CategoryMix(
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

absl::StatusOr<Tally> ExampleStore::Abstained(sql::Transaction& transaction, int64_t window) {
  return ReadTally(transaction.Query(
      "SELECT COUNT(*) FILTER (WHERE NOT confident), COUNT(*) FROM (SELECT confident FROM "
      "routings ORDER BY route_time DESC, appeal DESC LIMIT $1) AS newest",
      window));
}

absl::StatusOr<Tally> ExampleStore::Agreement(sql::Transaction& transaction, LabelKind kind,
                                              int64_t window) {
  return ReadTally(transaction.Query(
      "SELECT COUNT(*) FILTER (WHERE suggested = label), COUNT(*) FILTER (WHERE suggested <> '') "
      "FROM (SELECT suggested, label FROM examples WHERE kind = $1 "
      "ORDER BY decide_time DESC, appeal DESC LIMIT $2) AS newest",
      static_cast<int>(kind), window));
}

absl::StatusOr<Tally> ExampleStore::ShadowAgreement(sql::Transaction& transaction,
                                                    absl::string_view shadow,
                                                    absl::string_view active, int64_t window) {
  return ReadTally(
      transaction.Query("SELECT COUNT(*) FILTER (WHERE shadow = category), COUNT(*) FROM (SELECT "
                        "shadow, category FROM routings WHERE shadow_model = $1 AND model = $2 "
                        "ORDER BY route_time DESC LIMIT $3) AS newest",
                        shadow, active, window));
}

absl::StatusOr<PairsByPerson> ExampleStore::ShadowPairs(sql::Transaction& transaction,
                                                        absl::string_view shadow,
                                                        absl::string_view active, int64_t window) {
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

absl::StatusOr<int64_t> ExampleStore::Prune(sql::Transaction& transaction,
                                            absl::Time routings_before, absl::Time decisions_before,
                                            int limit) {
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
