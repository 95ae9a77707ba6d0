#include "services/appeals/calls/import_calls.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/text/mask.h"
#include "common/text/utf8.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"

namespace veche::appeals {
namespace {

constexpr int kMostRows = 500;
constexpr size_t kLongestSource = 64;
constexpr size_t kLongestSourceId = 200;
constexpr absl::Duration kClockSkew = absl::Hours(24);  // zones of other systems are often lost

// The second timeline entry of an imported appeal that is in `state`.
EntryType EntryOf(State state) {
  switch (state) {
    case State::kSubmitted:
      return EntryType::kSubmitted;
    case State::kRegistered:
      return EntryType::kRegistered;
    case State::kAssigned:
      return EntryType::kAssigned;
    case State::kInProgress:
      return EntryType::kInProgress;
    case State::kNeedsInfo:
      return EntryType::kNeedsInfo;
    case State::kResolved:
      return EntryType::kResolved;
    case State::kClosed:
      return EntryType::kClosed;
    case State::kRejected:
      return EntryType::kRejected;
    case State::kForwarded:
      return EntryType::kForwarded;
    case State::kMerged:
      return EntryType::kMerged;
    case State::kWithdrawn:
      return EntryType::kWithdrawn;
  }
  return EntryType::kUnknown;
}

// The event of that entry, for the states that other services count.
std::optional<EventType> EventOf(State state) {
  switch (state) {
    case State::kAssigned:
      return EventType::kAssigned;
    case State::kResolved:
      return EventType::kResolved;
    case State::kClosed:
      return EventType::kClosed;
    case State::kRejected:
      return EventType::kRejected;
    default:
      return std::nullopt;
  }
}

std::optional<absl::Time> ResolveTime(const v1::ImportAppealsRequest::Row& row) {
  if (!row.has_resolve_time()) return std::nullopt;
  return api::FromTimestamp(row.resolve_time());
}

// The state of an imported appeal, and the steps that can be concluded from it.
void SetHistory(const v1::ImportAppealsRequest::Row& row, absl::Time now,
                ImportedAppeal& imported) {
  const auto resolved = ResolveTime(row);
  Appeal& appeal = imported.appeal;
  const Actor system;
  AddEntry(imported.record, EntryType::kSubmitted, system, appeal.created).state =
      State::kSubmitted;
  AddEvent(imported.record, EventType::kSubmitted, system);
  appeal.state = row.state() == 0 ? State::kSubmitted : static_cast<State>(row.state());
  if (appeal.state == State::kSubmitted) return;
  appeal.registered = appeal.created;
  appeal.clock.registered = appeal.created;
  if (appeal.state == State::kNeedsInfo) Pause(appeal.clock, now);
  // The time of the import is not the time of the end: no time is better than a wrong one.
  if (OutcomeOf(appeal.state) == Outcome::kSolved) appeal.resolved = resolved;
  const absl::Time since = IsOpen(appeal.state) ? now : resolved.value_or(appeal.created);
  AddEntry(imported.record, EntryOf(appeal.state), system, since, appeal.answer).state =
      appeal.state;
  if (const auto event = EventOf(appeal.state)) AddEvent(imported.record, *event, system);
}

void CheckTimes(const v1::ImportAppealsRequest::Row& row, absl::Time created, absl::Time now,
                Violations& violations) {
  if (created < absl::UnixEpoch() || created > now + kClockSkew) {
    violations.Add("createTime", "CREATE_TIME");
  }
  const auto resolved = ResolveTime(row);
  if (!resolved) return;
  if (row.state() == 0 || IsOpen(static_cast<State>(row.state()))) {
    violations.Add("resolveTime", "RESOLVE_TIME_OF_OPEN");
  }
  if (*resolved < created || *resolved > now + kClockSkew) {
    violations.Add("resolveTime", "RESOLVE_TIME");
  }
}

// Other systems name categories by title. A title that this city does not have is ignored, and the
// text is classified.
std::string CategoryByNameOrTitle(const std::string& category, const CitySnapshot* city) {
  if (absl::StartsWith(category, "categories/") || city == nullptr) return category;
  auto it = city->by_title.find(category);
  return it == city->by_title.end() ? "" : it->second;
}

}  // namespace

ImportedAppeal ImportCalls::ReadRow(const v1::ImportAppealsRequest::Row& row,
                                    absl::string_view source, const CitySnapshot* city,
                                    absl::Time now, Violations& bad) const {
  ImportedAppeal imported;
  Appeal& appeal = imported.appeal;
  imported.source_id = row.source_id();
  const Text id_problem = text::TextProblem(
      row.source_id(),
      {.min_characters = 1, .max_characters = kLongestSourceId, .single_line = true});
  if (!id_problem.empty()) bad.Add("sourceId", id_problem);
  appeal.text = ReadText(row.text(), "text", kLongestText, false, bad);
  appeal.answer = ReadText(row.answer(), "answer", kLongestText, true, bad);
  appeal.location = ReadLocation(row.has_location(), row.location(), bad);
  appeal.address = row.location().address();
  appeal.category = CategoryByNameOrTitle(row.category(), city);
  CheckCategory(appeal.category, city, "category", bad);
  CheckDepartment(row.department(), city, "department", bad);
  CheckEnum(row.state(), v1::Appeal::State_IsValid, "state", bad);
  CheckEnum(row.kind(), v1::Appeal::Kind_IsValid, "kind", bad);
  appeal.created = WholeMillis(row.has_create_time() ? api::FromTimestamp(row.create_time()) : now);
  CheckTimes(row, appeal.created, now, bad);
  if (row.state() == v1::Appeal::MERGED) bad.Add("state", "NOT_MERGED");
  if (!bad.empty()) return imported;
  if (row.kind() != 0) appeal.kind = static_cast<Kind>(row.kind());
  appeal.department = row.department();
  const auto* category = city != nullptr ? city->FindCategory(appeal.category) : nullptr;
  if (category != nullptr) {
    appeal.clock.response_hours = category->response_hours;
    appeal.legal_profile = category->legal_profile;
    // An appeal that has to be routed goes through the city's rules first.
    const bool history = row.state() > v1::Appeal::SUBMITTED;
    if (history && appeal.department.empty()) appeal.department = category->department;
  }
  if (city != nullptr && appeal.location) appeal.district = city->DistrictAt(*appeal.location);
  if (std::string masked = text::MaskPersonalData(appeal.text); masked != appeal.text) {
    appeal.masked_text = std::move(masked);
  }
  appeal.channel = absl::StrCat("import:", source);
  appeal.updated = now;
  SetHistory(row, now, imported);
  Record unused;
  RefreshDeadline(appeal, parts_.calendar, now, "", unused);
  return imported;
}

absl::StatusOr<v1::ImportAppealsResponse> ImportCalls::ImportAppeals(
    const rpc::Call& call, const v1::ImportAppealsRequest& request, Violations violations) {
  const Text problem = text::TextProblem(
      request.source(),
      {.min_characters = 1, .max_characters = kLongestSource, .single_line = true});
  if (!problem.empty()) violations.Add("source", problem);
  if (request.rows_size() > kMostRows) {
    violations.Add("rows", {"TOO_MANY", {{"most", absl::StrCat(kMostRows)}}});
  }
  RETURN_IF_ERROR(violations.ToStatus());

  const std::shared_ptr<const CitySnapshot> city = parts_.city();
  const absl::Time now = WholeMicros(parts_.clock.Now());
  v1::ImportAppealsResponse response;
  std::vector<ImportedAppeal> rows;
  for (const auto& row : request.rows()) {
    Violations bad;
    ImportedAppeal imported = ReadRow(row, request.source(), city.get(), now, bad);
    if (bad.empty()) {
      rows.push_back(std::move(imported));
      continue;
    }
    auto& bad_row = *response.add_bad_rows();
    bad_row.set_source_id(row.source_id());
    bad_row.set_error(LocalizedMessage(Localize(bad.ToStatus(), parts_.texts, call.language())));
  }
  ASSIGN_OR_RETURN(const ImportCounts counts,
                   parts_.store.Import(request.source(), std::move(rows), parts_.ids));
  response.set_created(counts.created);
  response.set_existing(counts.existing);
  return response;
}

}  // namespace veche::appeals
