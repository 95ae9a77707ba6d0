#include "services/appeals/storage/appeal_row.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/geo/cell.h"
#include "common/sql/columns.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/old_cell.h"

namespace veche::appeals {
namespace {

using sql::Row;
using sql::Value;

template <auto... kPath>
constexpr sql::Column<Appeal> Field(absl::string_view name) {
  return sql::MemberColumn<Appeal, kPath...>(name);
}

// A coordinate, NULL without a location.
template <auto kCoordinate>
constexpr sql::Column<Appeal> Coordinate(absl::string_view name) {
  return {name,
          [](const Appeal& a) { return a.location ? Value((*a.location).*kCoordinate) : Value(); },
          [](const Row& row, size_t i, Appeal& a) {
            if (row.IsNull(i)) return;
            if (!a.location) a.location.emplace();
            (*a.location).*kCoordinate = row.Double(i);
          }};
}

// A key of the location for indexes, NULL without one.
template <int64_t (*kCellOf)(const geo::LatLng&)>
constexpr sql::Column<Appeal> Cell(absl::string_view name) {
  return {name, [](const Appeal& a) { return a.location ? Value(kCellOf(*a.location)) : Value(); },
          nullptr, [](const Appeal& a, const Appeal& b) { return a.location == b.location; }};
}

// The table. A new field is a line here and a migration.
constexpr sql::Column<Appeal> kColumns[] = {
    {"ord", [](const Appeal& a) { return Value(TimeKey(a.id)); }, nullptr},
    Field<&Appeal::id>("id"),
    Field<&Appeal::number>("number"),
    Field<&Appeal::version>("version"),
    Field<&Appeal::appeal_class>("class"),
    Field<&Appeal::kind>("kind"),
    Field<&Appeal::state>("state"),
    Field<&Appeal::visibility>("visibility"),
    Field<&Appeal::priority>("priority"),
    Field<&Appeal::district>("district"),
    Field<&Appeal::category>("category"),
    Field<&Appeal::department>("department"),
    Coordinate<&geo::LatLng::latitude>("latitude"),
    Coordinate<&geo::LatLng::longitude>("longitude"),
    Cell<OldCellId>("cell"),
    {"due_order", [](const Appeal& a) { return Value(a.due ? ToMicros(*a.due) : kNoDueOrder); },
     nullptr},
    Field<&Appeal::created>("created_at"),
    Field<&Appeal::updated>("updated_at"),
    Field<&Appeal::registered>("registered_at"),
    Field<&Appeal::due>("due_at"),
    Field<&Appeal::resolved>("resolved_at"),
    Field<&Appeal::next_check>("next_check_at"),
    Field<&Appeal::alarm>("alarm"),
    {"clock_registered_at",
     [](const Appeal& a) { return a.registered ? sql::ToValue(a.clock.registered) : Value(); },
     [](const Row& row, size_t i, Appeal& a) { sql::FromRow(row, i, a.clock.registered); }},
    Field<&Appeal::clock, &DeadlineClock::response_hours>("response_hours"),
    Field<&Appeal::clock, &DeadlineClock::paused_at>("paused_at"),
    Field<&Appeal::clock, &DeadlineClock::paused_working_time>("paused_working_us"),
    Field<&Appeal::clock, &DeadlineClock::paused_days>("paused_days"),
    Field<&Appeal::legal_profile>("legal_profile"),
    Field<&Appeal::rating>("rating"),
    Field<&Appeal::supporter_count>("supporter_count"),
    {"attachment_count", [](const Appeal& a) { return Value(a.attachments.size()); },
     [](const Row& row, size_t i, Appeal& a) { a.attachments.resize(row.Int(i)); }},
    Field<&Appeal::entry_count>("entry_count"),
    Field<&Appeal::routed>("routed"),
    Field<&Appeal::author>("author"),
    Field<&Appeal::assignee>("assignee"),
    Field<&Appeal::language>("language"),
    Field<&Appeal::channel>("channel"),
    Field<&Appeal::merged_into>("merged_into"),
    Field<&Appeal::follow_token_hash>("follow_token_hash"),
    Field<&Appeal::address>("address"),
    Field<&Appeal::advice>("advice"),
    Field<&Appeal::answer>("answer"),
    Field<&Appeal::masked_text>("masked_text"),
    Field<&Appeal::text>("text"),
    Field<&Appeal::routing, &Routing::by>("routing_by"),
    Field<&Appeal::routing, &Routing::rule>("routing_rule"),
    Field<&Appeal::routing, &Routing::title>("routing_title"),
    Field<&Appeal::routing, &Routing::probability>("routing_probability"),
    Field<&Appeal::routing, &Routing::model>("routing_model"),
    Field<&Appeal::routing, &Routing::previous_category>("routing_previous_category"),
    {"priority_reasons", [](const Appeal& a) { return Value(triage::ToText(a.reasons)); },
     [](const Row& row, size_t i, Appeal& a) { a.reasons = triage::FromText(row.Text(i)); }},
    Field<&Appeal::moderation, &Moderation::toxicity>("toxicity"),
    Field<&Appeal::moderation, &Moderation::spam>("spam"),
    {"moderation_reasons",
     [](const Appeal& a) { return Value(absl::StrJoin(a.moderation.reasons, ",")); },
     [](const Row& row, size_t i, Appeal& a) {
       a.moderation.reasons = absl::StrSplit(row.Text(i), ',', absl::SkipEmpty());
     }},
    {"flagged", [](const Appeal& a) { return Value(a.moderation.waits ? 1 : 0); },
     [](const Row& row, size_t i, Appeal& a) { a.moderation.waits = row.Int(i) == 1; }},
    Field<&Appeal::fingerprint>("fingerprint"),
    Field<&Appeal::routing, &Routing::suggested_category>("routing_suggested_category"),
    Field<&Appeal::similar_count>("similar_count"),
    Cell<geo::CellId>("map_cell"),
    Cell<OldCellId>("map_cell_of"),
    {"outcomes", [](const Appeal& a) { return Value(absl::StrJoin(a.outcomes, "\n")); },
     [](const Row& row, size_t i, Appeal& a) {
       a.outcomes = absl::StrSplit(row.Text(i), '\n', absl::SkipEmpty());
     }},
};

}  // namespace

const std::string& AppealColumnList() {
  static const auto& list = *new std::string(sql::ColumnList(kColumns));
  return list;
}

const std::string& AppealSelect() {
  static const auto& select =
      *new std::string(absl::StrCat("SELECT ", sql::ColumnList(kColumns, "a.")));
  return select;
}

const std::string& AppealInsert() {
  static const auto& insert = *new std::string(sql::InsertStatement("appeals", kColumns));
  return insert;
}

std::vector<Value> AppealValues(const Appeal& appeal) {
  return sql::ColumnValues(kColumns, appeal);
}

std::vector<sql::ColumnValue> ChangedColumns(const Appeal& before, const Appeal& after) {
  return sql::ChangedColumns(kColumns, before, after);
}

Appeal ReadAppeal(const Row& row) {
  Appeal appeal;
  sql::ReadColumns(kColumns, row, appeal);
  appeal.clock.formal = appeal.appeal_class == Class::kFormal;
  return appeal;
}

}  // namespace veche::appeals
