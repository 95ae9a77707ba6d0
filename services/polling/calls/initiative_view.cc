#include "services/polling/calls/initiative_view.h"

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"

namespace veche::polling {
namespace {

using options::v1::EDITOR;
using options::v1::MODERATOR;
using options::v1::OFFICER;
using options::v1::SUPERVISOR;

// Whether the caller reads the author's own words.
bool SeesOriginal(const auth::Principal& principal, const Initiative& initiative) {
  return IsModerator(principal) || (!principal.anonymous() && initiative.author == principal.name);
}

void AddResponse(const Initiative& initiative, v1::Initiative& wire) {
  if (!initiative.response_time) return;
  auto& response = *wire.mutable_response();
  response.set_text(initiative.response_text);
  response.set_decision(initiative.state == InitiativeState::kDeclined
                            ? v1::Initiative::Response::DECLINED
                            : v1::Initiative::Response::ACCEPTED);
  response.set_department(initiative.response_department);
  *response.mutable_create_time() = api::ToTimestamp(*initiative.response_time);
}

}  // namespace

bool IsModerator(const auth::Principal& principal) {
  return principal.roles.HasAnyOf({MODERATOR, SUPERVISOR});
}

InitiativeActor ActorOf(const auth::Principal& principal, const Initiative& initiative) {
  InitiativeActor actor = {
      .name = principal.name, .department = principal.department, .parties = {}};
  if (!principal.anonymous() && initiative.author == principal.name) {
    actor.parties.push_back(InitiativeParty::kAuthor);
  }
  if (IsModerator(principal)) actor.parties.push_back(InitiativeParty::kModerator);
  if (principal.roles.HasAnyOf({OFFICER, SUPERVISOR, EDITOR})) {
    actor.parties.push_back(InitiativeParty::kStaff);
  }
  return actor;
}

absl::Status CheckVisible(const auth::Principal& principal, const Initiative& initiative) {
  if (initiative.published || SeesOriginal(principal, initiative)) return absl::OkStatus();
  return InitiativeNotFound(InitiativeName(initiative.id));
}

v1::Initiative ToWire(const Initiative& initiative, const auth::Principal& principal,
                      bool supported, const std::vector<std::string>& appeals) {
  const bool original = SeesOriginal(principal, initiative);
  v1::Initiative wire;
  wire.set_name(InitiativeName(initiative.id));
  wire.set_title(original ? initiative.title : PublicTitle(initiative));
  wire.set_text(original ? initiative.text : PublicText(initiative));
  wire.set_district(initiative.district);
  wire.set_category(initiative.category);
  wire.set_supporter_count(initiative.supporter_count);
  wire.set_threshold(initiative.threshold);
  wire.set_state(static_cast<v1::Initiative::State>(initiative.state));
  AddResponse(initiative, wire);
  *wire.mutable_create_time() = api::ToTimestamp(initiative.created);
  if (initiative.end) *wire.mutable_end_time() = api::ToTimestamp(*initiative.end);
  if (initiative.response_due) {
    *wire.mutable_response_due_time() = api::ToTimestamp(*initiative.response_due);
  }
  wire.set_response_overdue(initiative.overdue);
  if (!initiative.merged_into.empty()) wire.set_merged_into(InitiativeName(initiative.merged_into));
  for (const std::string& appeal : appeals) wire.add_appeals(appeal);
  for (const std::string& hash : initiative.pictures) {
    wire.add_pictures(absl::StrCat("pictures/", hash));
  }
  if (original) wire.set_rejection_reason(initiative.rejection_reason);
  wire.set_supported(supported);
  wire.set_mine(!principal.anonymous() && initiative.author == principal.name);
  wire.set_comment_count(initiative.comment_count);
  wire.set_discussion_open(IsOpen(initiative.state));
  return wire;
}

absl::StatusOr<std::vector<v1::Initiative>> ToWire(sql::Transaction& transaction,
                                                   InitiativeStore& store,
                                                   const std::vector<Initiative>& initiatives,
                                                   const auth::Principal& principal) {
  std::vector<std::string> ids;
  ids.reserve(initiatives.size());
  for (const Initiative& initiative : initiatives) ids.push_back(initiative.id);
  ASSIGN_OR_RETURN(auto appeals, store.AppealsOf(transaction, ids));
  ASSIGN_OR_RETURN(const auto supported,
                   store.SupportedBy(transaction, principal.resident() ? principal.name : "", ids));
  std::vector<v1::Initiative> wires;
  wires.reserve(initiatives.size());
  for (const Initiative& initiative : initiatives) {
    wires.push_back(
        ToWire(initiative, principal, supported.contains(initiative.id), appeals[initiative.id]));
  }
  return wires;
}

absl::StatusOr<v1::Initiative> ToWireWhole(sql::Transaction& transaction, InitiativeStore& store,
                                           const Initiative& initiative,
                                           const auth::Principal& principal) {
  ASSIGN_OR_RETURN(auto wires, ToWire(transaction, store, {initiative}, principal));
  v1::Initiative wire = std::move(wires[0]);
  ASSIGN_OR_RETURN(const auto timeline, store.GetTimeline(transaction, initiative.id));
  for (const InitiativeEntry& entry : timeline) {
    auto& added = *wire.add_timeline();
    added.set_type(static_cast<v1::Initiative::Entry::Type>(entry.type));
    *added.mutable_time() = api::ToTimestamp(entry.time);
    added.set_department(entry.department);
    added.set_title(entry.title);
    added.set_text(entry.text);
  }
  return wire;
}

std::string ReadText(absl::string_view text, absl::string_view field, const TextBounds& bounds,
                     Violations& violations) {
  const Text problem = text::TextProblem(text, {.min_characters = bounds.least,
                                                .max_characters = bounds.most,
                                                .single_line = bounds.single_line});
  if (!problem.empty()) {
    violations.Add(field, problem);
    return "";
  }
  std::string clean = text::Clean(text);
  // A text of invisible characters alone is empty.
  if (clean.empty() && bounds.least > 0) violations.Add(field, "MUST_NOT_BE_EMPTY");
  return clean;
}

void CheckReference(absl::string_view collection, absl::string_view name, absl::string_view field,
                    Violations& violations) {
  if (!name.empty() && !IsReference(collection, name)) {
    violations.Add(field, {"NAME_FORM", {{"form", absl::StrCat(collection, "/{id}")}}});
  }
}

}  // namespace veche::polling
