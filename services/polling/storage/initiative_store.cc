#include "services/polling/storage/initiative_store.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "common/text/language.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/storage/initiative_row.h"
#include "services/polling/storage/picture_store.h"
#include "services/polling/storage/select_statement.h"
#include "veche/polling/v1/events.pb.h"
#include "veche/polling/v1/initiatives.pb.h"

namespace veche::polling {
namespace {

using WireEvent = v1::PollingEvent;
using WireEntry = v1::Initiative::Entry;

template <typename Domain, typename Wire>
constexpr bool Same(Domain domain, Wire wire) {
  return static_cast<int>(domain) == static_cast<int>(wire);
}

static_assert(Same(InitiativeState::kModeration, v1::Initiative::MODERATION));
static_assert(Same(InitiativeState::kRejected, v1::Initiative::REJECTED));
static_assert(Same(InitiativeState::kGathering, v1::Initiative::GATHERING));
static_assert(Same(InitiativeState::kAwaitingResponse, v1::Initiative::AWAITING_RESPONSE));
static_assert(Same(InitiativeState::kAccepted, v1::Initiative::ACCEPTED));
static_assert(Same(InitiativeState::kDeclined, v1::Initiative::DECLINED));
static_assert(Same(InitiativeState::kMerged, v1::Initiative::MERGED));
static_assert(Same(InitiativeState::kExpired, v1::Initiative::EXPIRED));
static_assert(Same(InitiativeState::kWithdrawn, v1::Initiative::WITHDRAWN));
static_assert(Same(InitiativeState::kWithdrawn, v1::Initiative::State_MAX));
static_assert(Same(InitiativeEntryType::kSubmitted, WireEntry::SUBMITTED));
static_assert(Same(InitiativeEntryType::kApproved, WireEntry::APPROVED));
static_assert(Same(InitiativeEntryType::kRejected, WireEntry::REJECTED));
static_assert(Same(InitiativeEntryType::kThresholdReached, WireEntry::THRESHOLD_REACHED));
static_assert(Same(InitiativeEntryType::kExpired, WireEntry::EXPIRED));
static_assert(Same(InitiativeEntryType::kAccepted, WireEntry::ACCEPTED));
static_assert(Same(InitiativeEntryType::kDeclined, WireEntry::DECLINED));
static_assert(Same(InitiativeEntryType::kStage, WireEntry::STAGE));
static_assert(Same(InitiativeEntryType::kMerged, WireEntry::MERGED));
static_assert(Same(InitiativeEntryType::kMergedFrom, WireEntry::MERGED_FROM));
static_assert(Same(InitiativeEntryType::kWithdrawn, WireEntry::WITHDRAWN));
static_assert(Same(InitiativeEntryType::kResponseOverdue, WireEntry::RESPONSE_OVERDUE));
static_assert(Same(InitiativeEntryType::kResponseOverdue, WireEntry::Type_MAX));
static_assert(Same(InitiativeEvent::kSubmitted, WireEvent::INITIATIVE_SUBMITTED));
static_assert(Same(InitiativeEvent::kApproved, WireEvent::INITIATIVE_APPROVED));
static_assert(Same(InitiativeEvent::kRejected, WireEvent::INITIATIVE_REJECTED));
static_assert(Same(InitiativeEvent::kSupported, WireEvent::INITIATIVE_SUPPORTED));
static_assert(Same(InitiativeEvent::kUnsupported, WireEvent::INITIATIVE_UNSUPPORTED));
static_assert(Same(InitiativeEvent::kThresholdReached, WireEvent::INITIATIVE_THRESHOLD_REACHED));
static_assert(Same(InitiativeEvent::kExpired, WireEvent::INITIATIVE_EXPIRED));
static_assert(Same(InitiativeEvent::kWithdrawn, WireEvent::INITIATIVE_WITHDRAWN));
static_assert(Same(InitiativeEvent::kAccepted, WireEvent::INITIATIVE_ACCEPTED));
static_assert(Same(InitiativeEvent::kDeclined, WireEvent::INITIATIVE_DECLINED));
static_assert(Same(InitiativeEvent::kStageAdded, WireEvent::INITIATIVE_STAGE_ADDED));
static_assert(Same(InitiativeEvent::kMerged, WireEvent::INITIATIVE_MERGED));
static_assert(Same(InitiativeEvent::kResponseOverdue, WireEvent::INITIATIVE_RESPONSE_OVERDUE));

absl::StatusOr<Initiative> One(const std::vector<sql::Row>& rows, absl::string_view id) {
  if (rows.empty()) return InitiativeNotFound(InitiativeName(id));
  return sql::ReadObject(kInitiativeColumns, rows[0]);
}

}  // namespace

absl::Status InitiativeStore::Create(sql::Transaction& transaction, const Initiative& initiative,
                                     absl::Span<const std::string> terms,
                                     absl::Span<const std::string> appeals,
                                     const InitiativeRecord& record) {
  static const std::string& insert = *new std::string(absl::StrCat(
      "INSERT INTO initiatives (", sql::ColumnList(kInitiativeColumns), ", terms) VALUES (", [] {
        std::string parameters;
        for (size_t i = 1; i <= std::size(kInitiativeColumns); ++i) {
          absl::StrAppend(&parameters, "$", i, ", ");
        }
        return absl::StrCat(parameters, "$", std::size(kInitiativeColumns) + 1, ")");
      }()));
  std::vector<sql::Value> values = sql::ColumnValues(kInitiativeColumns, initiative);
  values.emplace_back(absl::StrJoin(terms, " "));
  RETURN_IF_ERROR(transaction.ExecuteWith(insert, values).status());
  for (const std::string& appeal : appeals) {
    RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO initiative_appeals (appeal, initiative) VALUES ($1, $2)", appeal,
                     initiative.id)
            .status());
  }
  RETURN_IF_ERROR(PictureStore().SetUses(transaction, initiative.id, initiative.pictures));
  return WriteRecord(transaction, initiative, record);
}

absl::StatusOr<Initiative> InitiativeStore::Get(sql::Transaction& transaction,
                                                absl::string_view id) {
  static const std::string& select = *new std::string(absl::StrCat(
      "SELECT ", sql::ColumnList(kInitiativeColumns), " FROM initiatives WHERE id = $1"));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(select, id));
  return One(rows, id);
}

absl::StatusOr<Initiative> InitiativeStore::Lock(sql::Transaction& transaction,
                                                 absl::string_view id) {
  // Writes the row unchanged.
  static const std::string& lock = *new std::string(
      absl::StrCat("UPDATE initiatives SET overdue = overdue WHERE id = $1 RETURNING ",
                   sql::ColumnList(kInitiativeColumns)));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(lock, id));
  return One(rows, id);
}

absl::StatusOr<std::pair<Initiative, Initiative>> InitiativeStore::LockTwo(
    sql::Transaction& transaction, absl::string_view first, absl::string_view second) {
  const bool in_order = first < second;
  ASSIGN_OR_RETURN(Initiative lower, Lock(transaction, in_order ? first : second));
  ASSIGN_OR_RETURN(Initiative upper, Lock(transaction, in_order ? second : first));
  if (!in_order) std::swap(lower, upper);
  return std::pair(std::move(lower), std::move(upper));
}

absl::Status InitiativeStore::Save(sql::Transaction& transaction, const Initiative& initiative,
                                   const InitiativeRecord& record) {
  RETURN_IF_ERROR(
      transaction
          .Execute("UPDATE initiatives SET state = $2, published = $3, supporter_count = $4, "
                   "threshold = $5, end_time = $6, response_due = $7, next_check = $8, "
                   "overdue = $9, merged_into = $10, rejection_reason = $11, response_text = $12, "
                   "response_department = $13, response_time = $14, pictures = $15 WHERE id = $1",
                   initiative.id, static_cast<int>(initiative.state), initiative.published,
                   initiative.supporter_count, initiative.threshold, sql::ToValue(initiative.end),
                   sql::ToValue(initiative.response_due), sql::ToValue(initiative.next_check),
                   initiative.overdue, initiative.merged_into, initiative.rejection_reason,
                   initiative.response_text, initiative.response_department,
                   sql::ToValue(initiative.response_time), absl::StrJoin(initiative.pictures, "\n"))
          .status());
  // Only one that is not published can lose its pictures.
  if (!initiative.published) {
    RETURN_IF_ERROR(PictureStore().SetUses(transaction, initiative.id, initiative.pictures));
  }
  return WriteRecord(transaction, initiative, record);
}

absl::Status InitiativeStore::WriteRecord(sql::Transaction& transaction,
                                          const Initiative& initiative,
                                          const InitiativeRecord& record) {
  if (!record.entries.empty()) {
    ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT COALESCE(MAX(entry), 0) FROM "
                                                  "initiative_entries WHERE initiative = $1",
                                                  initiative.id));
    int64_t number = rows.at(0).Int(0);
    static const std::string& insert = *new std::string(
        absl::StrCat("INSERT INTO initiative_entries (", sql::ColumnList(kInitiativeEntryColumns),
                     ", initiative, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    for (const InitiativeEntry& entry : record.entries) {
      std::vector<sql::Value> values = sql::ColumnValues(kInitiativeEntryColumns, entry);
      values.emplace_back(initiative.id);
      values.emplace_back(++number);
      RETURN_IF_ERROR(transaction.ExecuteWith(insert, values).status());
    }
  }
  for (const InitiativeRecord::Event& event : record.events) {
    std::vector<std::string> appeals;
    if (event.type == InitiativeEvent::kApproved || event.type == InitiativeEvent::kMerged) {
      ASSIGN_OR_RETURN(auto by_initiative, AppealsOf(transaction, {initiative.id}));
      appeals = std::move(by_initiative[initiative.id]);
    }
    RETURN_IF_ERROR(AppendEvent(transaction, initiative,
                                events::TypeName(static_cast<WireEvent::Type>(event.type)),
                                event.residents, appeals));
  }
  return absl::OkStatus();
}

absl::Status InitiativeStore::AppendEvent(sql::Transaction& transaction,
                                          const Initiative& initiative, absl::string_view type,
                                          absl::Span<const std::string> residents,
                                          absl::Span<const std::string> appeals) {
  WireEvent event;
  event.set_subject(InitiativeName(initiative.id));
  const std::string& title = PublicTitle(initiative);
  const absl::string_view language = text::LanguageCode(text::GuessLanguage(title));
  (*event.mutable_titles())[std::string(language)] = title;
  if (!initiative.district.empty()) event.add_districts(initiative.district);
  for (const std::string& resident : residents) event.add_residents(resident);
  for (const std::string& appeal : appeals) event.add_appeals(appeal);
  if (!initiative.merged_into.empty()) {
    event.set_merged_into(InitiativeName(initiative.merged_into));
  }
  return log_.Append(transaction, log_.Make(type, event.subject(), event.SerializeAsString()));
}

absl::StatusOr<bool> InitiativeStore::SetSupport(sql::Transaction& transaction,
                                                 Initiative& initiative, absl::string_view resident,
                                                 bool on) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      transaction.Execute(
          on ? "INSERT INTO initiative_supporters (initiative, resident) VALUES ($1, $2) "
               "ON CONFLICT (initiative, resident) DO NOTHING"
             : "DELETE FROM initiative_supporters WHERE initiative = $1 AND resident = $2",
          initiative.id, resident));
  initiative.supporter_count += on ? changed : -changed;
  return changed != 0;
}

absl::Status InitiativeStore::CarryOver(sql::Transaction& transaction, const Initiative& repeat,
                                        Initiative& target) {
  ASSIGN_OR_RETURN(const int64_t carried,
                   transaction.Execute("INSERT INTO initiative_supporters (initiative, resident) "
                                       "SELECT CAST($1 AS TEXT), resident FROM "
                                       "initiative_supporters WHERE initiative = $2 "
                                       "ON CONFLICT (initiative, resident) DO NOTHING",
                                       target.id, repeat.id));
  target.supporter_count += carried;
  if (absl::StartsWith(repeat.author, "residents/") && repeat.author != target.author) {
    RETURN_IF_ERROR(SetSupport(transaction, target, repeat.author, true).status());
  }
  return transaction
      .Execute(
          "INSERT INTO initiative_appeals (appeal, initiative) SELECT appeal, "
          "CAST($1 AS TEXT) FROM initiative_appeals WHERE initiative = $2 "
          "ON CONFLICT (appeal, initiative) DO NOTHING",
          target.id, repeat.id)
      .status();
}

absl::StatusOr<absl::flat_hash_set<std::string>> InitiativeStore::SupportedBy(
    sql::Transaction& transaction, absl::string_view resident, absl::Span<const std::string> ids) {
  absl::flat_hash_set<std::string> supported;
  if (ids.empty() || resident.empty()) return supported;
  SelectStatement statement("SELECT initiative FROM initiative_supporters");
  statement.And("resident", "=", resident).AndIn("initiative", ids);
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  for (const sql::Row& row : rows) supported.insert(row.Text(0));
  return supported;
}

absl::Status InitiativeStore::LockWriter(sql::Transaction& transaction, absl::string_view resident,
                                         absl::Time now) {
  return transaction
      .Execute(
          "INSERT INTO writers (resident, write_time) VALUES ($1, $2) "
          "ON CONFLICT (resident) DO UPDATE SET write_time = excluded.write_time",
          resident, ToMicros(now))
      .status();
}

}  // namespace veche::polling
