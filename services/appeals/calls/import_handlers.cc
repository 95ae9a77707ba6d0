#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/mask.h"
#include "common/text/utf8.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/handlers.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/keys.h"

// Loading of another system's appeals.

namespace veche::appeals {
namespace {

constexpr int kMostRows = 500;
constexpr size_t kLongestSource = 64;
constexpr size_t kLongestSourceId = 200;
constexpr absl::Duration kClockSkew = absl::Hours(24);  // zones of other systems are often lost

// Where an imported appeal stands, with what has happened to it as far as anybody knows.
void SetHistory(const v1::ImportAppealsRequest::Row& row, absl::Time now,
                ImportedAppeal& imported) {
  const auto resolved = TimeFrom(row.has_resolve_time(), row.resolve_time());
  Appeal& appeal = imported.appeal;
  const Actor system;
  AddEntry(imported.record, "SUBMITTED", system, appeal.created).state = State::kSubmitted;
  AddEvent(imported.record, "submitted", system);
  appeal.state = row.state() == 0 ? State::kSubmitted : static_cast<State>(row.state());
  if (appeal.state == State::kSubmitted) return;
  appeal.registered = appeal.created;
  appeal.clock.registered = appeal.created;
  if (appeal.state == State::kNeedsInfo) Pause(appeal.clock, now);
  // The hour of the import is not when anything ended: better no time than a wrong one.
  if (OutcomeOf(appeal.state) == Outcome::kSolved) appeal.resolved = resolved;
  const absl::Time since = IsOpen(appeal.state) ? now : resolved.value_or(appeal.created);
  const std::string name = std::string(Name(appeal.state));
  Entry& entry = AddEntry(imported.record, name, system, since, appeal.answer);
  entry.state = appeal.state;
  if (appeal.state == State::kResolved || appeal.state == State::kClosed ||
      appeal.state == State::kRejected || appeal.state == State::kAssigned) {
    AddEvent(imported.record, absl::AsciiStrToLower(name), system);
  }
}

void CheckTimes(const v1::ImportAppealsRequest::Row& row, absl::Time created, absl::Time now,
                Violations& violations) {
  if (created < absl::UnixEpoch() || created > now + kClockSkew) {
    violations.Add("createTime", "must be from 1970 to now");
  }
  const auto resolved = TimeFrom(row.has_resolve_time(), row.resolve_time());
  if (!resolved) return;
  if (row.state() == 0 || IsOpen(static_cast<State>(row.state()))) {
    violations.Add("resolveTime", "must be absent while the appeal is open");
  }
  if (*resolved < created || *resolved > now + kClockSkew) {
    violations.Add("resolveTime", "must be from createTime to now");
  }
}

// Other systems know their topics by title. One that this city does not have is classified.
std::string CategoryByNameOrTitle(const std::string& category, const CitySnapshot* city) {
  if (absl::StartsWith(category, "categories/") || city == nullptr) return category;
  auto it = city->by_title.find(category);
  return it == city->by_title.end() ? "" : it->second;
}

std::string Describe(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

absl::StatusOr<v1::ImportAppealsResponse> Handlers::ImportAppeals(
    const rpc::Call& call, const v1::ImportAppealsRequest& request, Violations violations) {
  const std::string problem = text::TextProblem(
      request.source(),
      {.min_characters = 1, .max_characters = kLongestSource, .single_line = true});
  if (!problem.empty()) violations.Add("source", problem);
  if (request.rows_size() > kMostRows) {
    violations.Add("rows", absl::StrCat("must be at most ", kMostRows));
  }
  RETURN_IF_ERROR(violations.ToStatus());

  const std::shared_ptr<const CitySnapshot> city = d_.city.Get();
  const absl::Time now = Now();
  v1::ImportAppealsResponse response;
  std::vector<ImportedAppeal> rows;
  for (const auto& row : request.rows()) {
    Violations bad;
    ImportedAppeal imported;
    Appeal& appeal = imported.appeal;
    imported.source_id = row.source_id();
    const std::string id_problem = text::TextProblem(
        row.source_id(),
        {.min_characters = 1, .max_characters = kLongestSourceId, .single_line = true});
    if (!id_problem.empty()) bad.Add("sourceId", id_problem);
    appeal.text = TakeText(row.text(), "text", kLongestText, false, bad);
    appeal.answer = TakeText(row.answer(), "answer", kLongestText, true, bad);
    appeal.location = TakeLocation(row.has_location(), row.location(), bad);
    appeal.address = row.location().address();
    appeal.category = CategoryByNameOrTitle(row.category(), city.get());
    CheckCategory(appeal.category, city.get(), "category", bad);
    CheckDepartment(row.department(), city.get(), "department", bad);
    CheckEnum(row.state(), v1::Appeal::State_IsValid, "state", bad);
    CheckEnum(row.kind(), v1::Appeal::Kind_IsValid, "kind", bad);
    appeal.created = WholeMillis(TimeFrom(row.has_create_time(), row.create_time()).value_or(now));
    CheckTimes(row, appeal.created, now, bad);
    if (row.state() == v1::Appeal::MERGED) bad.Add("state", "must not be MERGED");
    if (!bad.empty()) {
      auto& bad_row = *response.add_bad_rows();
      bad_row.set_source_id(row.source_id());
      bad_row.set_error(Describe(bad.ToStatus()));
      continue;
    }
    if (row.kind() != 0) appeal.kind = static_cast<Kind>(row.kind());
    appeal.department = row.department();
    const auto* category = city != nullptr ? city->FindCategory(appeal.category) : nullptr;
    if (category != nullptr) {
      appeal.clock.response_hours = category->response_hours;
      appeal.legal_profile = category->legal_profile;
      // What is to be routed meets the city's rules first.
      const bool history = row.state() > v1::Appeal::SUBMITTED;
      if (history && appeal.department.empty()) appeal.department = category->department;
    }
    if (city != nullptr && appeal.location) appeal.district = city->DistrictAt(*appeal.location);
    if (std::string masked = text::MaskPersonalData(appeal.text); masked != appeal.text) {
      appeal.masked_text = std::move(masked);
    }
    appeal.channel = absl::StrCat("import:", request.source());
    appeal.updated = now;
    SetHistory(row, now, imported);
    Record unused;
    RefreshDeadline(appeal, d_.calendar, now, "", unused);
    rows.push_back(std::move(imported));
  }
  ASSIGN_OR_RETURN(const ImportCounts counts,
                   d_.store.Import(request.source(), std::move(rows), d_.ids));
  response.set_created(counts.created);
  response.set_existing(counts.existing);
  return response;
}

}  // namespace veche::appeals
