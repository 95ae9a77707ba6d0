#include "services/appeals/storage/sql_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/geo/cell.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/old_cell.h"

namespace veche::appeals {
namespace {

constexpr absl::string_view kColumns[] = {"ord",
                                          "id",
                                          "number",
                                          "version",
                                          "class",
                                          "kind",
                                          "state",
                                          "visibility",
                                          "priority",
                                          "district",
                                          "category",
                                          "department",
                                          "latitude",
                                          "longitude",
                                          "cell",
                                          "due_order",
                                          "created_at",
                                          "updated_at",
                                          "registered_at",
                                          "due_at",
                                          "resolved_at",
                                          "next_check_at",
                                          "alarm",
                                          "clock_registered_at",
                                          "response_hours",
                                          "paused_at",
                                          "paused_working_us",
                                          "paused_days",
                                          "legal_profile",
                                          "rating",
                                          "supporter_count",
                                          "attachment_count",
                                          "entry_count",
                                          "routed",
                                          "author",
                                          "assignee",
                                          "language",
                                          "channel",
                                          "merged_into",
                                          "follow_token_hash",
                                          "address",
                                          "advice",
                                          "answer",
                                          "masked_text",
                                          "text",
                                          "routing_by",
                                          "routing_rule",
                                          "routing_title",
                                          "routing_probability",
                                          "routing_model",
                                          "routing_previous_category",
                                          "priority_reasons",
                                          "toxicity",
                                          "spam",
                                          "moderation_reasons",
                                          "flagged",
                                          "fingerprint",
                                          "routing_suggested_category",
                                          "similar_count",
                                          "map_cell",
                                          "map_cell_of"};
constexpr size_t kAttachmentCount = 31;

std::optional<absl::Time> TimeOf(const sql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return FromMicros(row.Int(column));
}

sql::Value ValueOf(const std::optional<absl::Time>& time) {
  return time ? sql::Value(ToMicros(*time)) : sql::Value();
}

template <typename Enum>
Enum EnumOf(const sql::Row& row, size_t column) {
  return static_cast<Enum>(row.Int(column));
}

template <typename Enum>
int64_t Number(Enum value) {
  return static_cast<int64_t>(value);
}

}  // namespace

absl::Span<const absl::string_view> AppealColumns() { return kColumns; }

const std::string& AppealColumnList() {
  static const auto& list = *new std::string(absl::StrCat("a.", absl::StrJoin(kColumns, ", a.")));
  return list;
}

const std::string& AppealInsert() {
  static const auto& insert =
      *new std::string(absl::StrCat("INSERT INTO appeals (", absl::StrJoin(kColumns, ", "),
                                    ") VALUES (", Parameters(1, std::size(kColumns)), ")"));
  return insert;
}

std::vector<sql::Value> AppealValues(const Appeal& appeal) {
  sql::Value latitude, longitude, cell, map_cell;
  if (appeal.location) {
    latitude = appeal.location->latitude;
    longitude = appeal.location->longitude;
    cell = OldCellId(*appeal.location);
    map_cell = geo::CellId(*appeal.location);
  }
  std::vector<sql::Value> values;
  values.reserve(std::size(kColumns));
  auto add = [&values](auto&&... each) {  // a braced list would copy each string twice
    (values.emplace_back(std::forward<decltype(each)>(each)), ...);
  };
  add(OrdOf(appeal.id), appeal.id, appeal.number, appeal.version, Number(appeal.appeal_class),
      Number(appeal.kind), Number(appeal.state), Number(appeal.visibility), Number(appeal.priority),
      appeal.district, appeal.category, appeal.department, latitude, longitude, cell,
      appeal.due ? ToMicros(*appeal.due) : kNoDueOrder, ToMicros(appeal.created),
      ToMicros(appeal.updated), ValueOf(appeal.registered), ValueOf(appeal.due),
      ValueOf(appeal.resolved), ValueOf(appeal.next_check), Number(appeal.alarm),
      appeal.registered ? sql::Value(ToMicros(appeal.clock.registered)) : sql::Value(),
      appeal.clock.response_hours, ValueOf(appeal.clock.paused_at),
      absl::ToInt64Microseconds(appeal.clock.paused_working_time), appeal.clock.paused_days,
      appeal.legal_profile, appeal.rating, appeal.supporter_count, appeal.attachments.size(),
      appeal.entry_count, appeal.routed, appeal.author, appeal.assignee, appeal.language,
      appeal.channel, appeal.merged_into, appeal.follow_token_hash, appeal.address, appeal.advice,
      appeal.answer, appeal.masked_text, appeal.text, Number(appeal.routing.by),
      appeal.routing.rule, appeal.routing.title, appeal.routing.probability, appeal.routing.model,
      appeal.routing.previous_category, triage::ToText(appeal.reasons), appeal.moderation.toxicity,
      appeal.moderation.spam, absl::StrJoin(appeal.moderation.reasons, ","),
      appeal.moderation.waits ? 1 : 0, static_cast<int64_t>(appeal.fingerprint),
      appeal.routing.suggested_category, appeal.similar_count, map_cell, cell);
  return values;
}

Appeal ReadAppeal(const sql::Row& row) {
  size_t i = 1;
  Appeal appeal;
  appeal.id = row.Text(i++);
  appeal.number = row.Text(i++);
  appeal.version = row.Int(i++);
  appeal.appeal_class = EnumOf<Class>(row, i++);
  appeal.kind = EnumOf<Kind>(row, i++);
  appeal.state = EnumOf<State>(row, i++);
  appeal.visibility = EnumOf<Visibility>(row, i++);
  appeal.priority = EnumOf<Priority>(row, i++);
  appeal.district = row.Text(i++);
  appeal.category = row.Text(i++);
  appeal.department = row.Text(i++);
  if (!row.IsNull(i)) appeal.location = geo::LatLng{row.Double(i), row.Double(i + 1)};
  i += 4;  // latitude, longitude, cell, due_order
  appeal.created = FromMicros(row.Int(i++));
  appeal.updated = FromMicros(row.Int(i++));
  appeal.registered = TimeOf(row, i++);
  appeal.due = TimeOf(row, i++);
  appeal.resolved = TimeOf(row, i++);
  appeal.next_check = TimeOf(row, i++);
  appeal.alarm = EnumOf<Alarm>(row, i++);
  appeal.clock.registered = TimeOf(row, i++).value_or(absl::UnixEpoch());
  appeal.clock.response_hours = static_cast<int>(row.Int(i++));
  appeal.clock.paused_at = TimeOf(row, i++);
  appeal.clock.paused_working_time = absl::Microseconds(row.Int(i++));
  appeal.clock.paused_days = static_cast<int>(row.Int(i++));
  appeal.clock.formal = appeal.appeal_class == Class::kFormal;
  appeal.legal_profile = row.Text(i++);
  appeal.rating = static_cast<int>(row.Int(i++));
  appeal.supporter_count = row.Int(i++);
  appeal.attachments.resize(row.Int(i++));  // filled in by the store where they are wanted
  appeal.entry_count = row.Int(i++);
  appeal.routed = row.Bool(i++);
  appeal.author = row.Text(i++);
  appeal.assignee = row.Text(i++);
  appeal.language = row.Text(i++);
  appeal.channel = row.Text(i++);
  appeal.merged_into = row.Text(i++);
  appeal.follow_token_hash = row.Text(i++);
  appeal.address = row.Text(i++);
  appeal.advice = row.Text(i++);
  appeal.answer = row.Text(i++);
  appeal.masked_text = row.Text(i++);
  appeal.text = row.Text(i++);
  appeal.routing.by = EnumOf<RoutedBy>(row, i++);
  appeal.routing.rule = row.Text(i++);
  appeal.routing.title = row.Text(i++);
  appeal.routing.probability = row.Double(i++);
  appeal.routing.model = row.Text(i++);
  appeal.routing.previous_category = row.Text(i++);
  appeal.reasons = triage::FromText(row.Text(i++));
  appeal.moderation.toxicity = row.Double(i++);
  appeal.moderation.spam = row.Double(i++);
  appeal.moderation.reasons = absl::StrSplit(row.Text(i++), ',', absl::SkipEmpty());
  appeal.moderation.waits = row.Int(i++) == 1;
  appeal.fingerprint = static_cast<uint64_t>(row.Int(i++));
  appeal.routing.suggested_category = row.Text(i++);
  appeal.similar_count = row.Int(i++);
  return appeal;
}

bool HasAttachments(const sql::Row& row) { return row.Int(kAttachmentCount) > 0; }

bool SameValue(const sql::Value& a, const sql::Value& b) {
  if (a.variant().index() != b.variant().index()) return false;
  return std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, sql::Blob>) {
          return value.bytes == std::get<T>(b.variant()).bytes;
        } else {
          return value == std::get<T>(b.variant());
        }
      },
      a.variant());
}

std::string Parameters(size_t first, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, i == 0 ? "$" : ", $", first + i);
  return text;
}

std::vector<sql::Value> PadToPowerOfTwo(std::vector<sql::Value> values) {
  size_t size = 1;
  while (size < values.size()) size *= 2;
  const sql::Value last = values.back();
  values.resize(size, last);
  return values;
}

Attachment ReadAttachment(const sql::Row& row) {
  Attachment attachment;
  attachment.id = row.Text(0);
  attachment.owner = row.Text(1);
  attachment.content_type = row.Text(2);
  attachment.size_bytes = row.Int(3);
  attachment.sha256 = row.Text(4);
  attachment.blob = row.Text(5);
  attachment.appeal = row.Text(6);
  attachment.entry = row.Int(7);
  return attachment;
}

std::vector<sql::Value> EntryValues(absl::string_view appeal, int64_t id, const Entry& entry) {
  return {OrdOf(appeal),
          id,
          ToMicros(entry.time),
          entry.type,
          entry.state ? sql::Value(static_cast<int>(*entry.state)) : sql::Value(),
          static_cast<int>(entry.actor.party),
          entry.actor.name,
          entry.actor.department,
          static_cast<int>(entry.audience),
          entry.comment_for_parties,
          entry.comment};
}

Entry ReadEntry(const sql::Row& row) {
  Entry entry;
  entry.id = row.Int(0);
  entry.time = FromMicros(row.Int(1));
  entry.type = row.Text(2);
  if (!row.IsNull(3)) entry.state = EnumOf<State>(row, 3);
  entry.actor.party = EnumOf<Party>(row, 4);
  entry.actor.name = row.Text(5);
  entry.actor.department = row.Text(6);
  entry.audience = EnumOf<Audience>(row, 7);
  entry.comment_for_parties = row.Bool(8);
  entry.comment = row.Text(9);
  return entry;
}

}  // namespace veche::appeals
