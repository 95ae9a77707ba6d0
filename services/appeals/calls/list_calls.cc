#include "services/appeals/calls/list_calls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/api/page.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/text/stem.h"
#include "common/text/utf8.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/duplicates.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

using options::v1::MODERATOR;
using options::v1::SUPERVISOR;

constexpr size_t kLongestQuery = 500;
constexpr size_t kMostQueryTerms = 16;

// A filter by name. A text that is not a valid name would find nothing, so it is an error.
void CheckName(absl::string_view collection, absl::string_view name, absl::string_view field,
               Violations& violations) {
  if (!name.empty() && !IsNameIn(collection, name)) {
    violations.Add(field, {"NAME_FORM", {{"form", absl::StrCat(collection, "/{id}")}}});
  }
}

ListFilter FilterFrom(const v1::ListAppealsRequest& request, const rpc::Call& call,
                      Violations& violations) {
  ListFilter filter;
  CheckName("districts", request.district(), "district", violations);
  CheckName("categories", request.category(), "category", violations);
  CheckName("departments", request.department(), "department", violations);
  CheckEnum(request.state(), v1::Appeal::State_IsValid, "state", violations);
  CheckEnum(request.kind(), v1::Appeal::Kind_IsValid, "kind", violations);
  filter.district = request.district();
  filter.category = request.category();
  filter.department = request.department();
  if (request.state() != 0) filter.state = static_cast<State>(request.state());
  if (request.kind() != 0) filter.kind = static_cast<Kind>(request.kind());
  if (!request.bbox().empty()) filter.box = geo::ParseBox(request.bbox(), "bbox", violations);
  if (request.has_created_after()) {
    filter.created_from = api::FromTimestamp(request.created_after());
  }
  if (request.has_created_before()) {
    filter.created_before = api::FromTimestamp(request.created_before());
  }
  const Text problem = text::TextProblem(request.q(), {.max_characters = kLongestQuery});
  if (!problem.empty()) violations.Add("q", problem);
  if (request.mine()) filter.author = call.principal().name;
  if (request.order_by() == "createTime" || request.order_by() == "createTime asc") {
    filter.oldest_first = true;
  } else if (!request.order_by().empty() && request.order_by() != "createTime desc") {
    violations.Add("orderBy", "ORDER_BY");
  }
  return filter;
}

}  // namespace

absl::StatusOr<v1::ListAppealsResponse> ListCalls::ListAppeals(
    const rpc::Call& call, const v1::ListAppealsRequest& request, Violations violations) {
  ListFilter filter = FilterFrom(request, call, violations);
  const api::Page asked(request, request.mine() ? call.principal().name : "", violations);
  const auto place = asked.Numbers(1, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::ListAppealsResponse response;
  // A guest has no own appeals to list.
  if (request.mine() && call.principal().anonymous()) return response;
  if (!request.q().empty()) {
    filter.terms = text::SearchTerms(request.q(), kMostQueryTerms);
    if (filter.terms.empty()) return response;  // only words such as «и» and «на», or punctuation
  }
  ASSIGN_OR_RETURN(
      ListPage page,
      store_.List(filter, place ? std::optional((*place)[0]) : std::nullopt, asked.size()));
  std::vector<std::string> ids;
  for (const Appeal& appeal : page.appeals) ids.push_back(appeal.id);
  std::vector<Relations> relations(ids.size());
  if (call.principal().resident()) {
    ASSIGN_OR_RETURN(relations, store_.GetRelations(call.principal().name, ids));
  }
  const Viewer viewer = ViewerOf(call, "");
  api::PageBudget budget;
  for (size_t i = 0; i < page.appeals.size(); ++i) {
    v1::Appeal wire = ToWire(page.appeals[i], ViewOf(page.appeals[i], viewer), relations[i]);
    if (!budget.Fits(wire)) {
      page.next = TimeKey(page.appeals[i - 1].id);
      break;
    }
    *response.add_appeals() = std::move(wire);
  }
  if (page.next) response.set_next_page_token(asked.TokenAfter({*page.next}));
  return response;
}

absl::StatusOr<v1::ListInboxResponse> ListCalls::ListInbox(const rpc::Call& call,
                                                           const v1::ListInboxRequest& request,
                                                           Violations violations) {
  const auth::Principal& principal = call.principal();
  const bool supervisor = principal.Is(SUPERVISOR);
  // Moderators have one queue for all departments, and read the same texts as the public.
  const bool moderator = !supervisor && principal.Is(MODERATOR) && request.flagged();
  CheckEnum(request.state(), v1::Appeal::State_IsValid, "state", violations);
  CheckEnum(request.priority(), classification::v1::Priority_IsValid, "priority", violations);
  CheckName("departments", request.department(), "department", violations);
  if (request.assignee() != "me") CheckName("staff", request.assignee(), "assignee", violations);
  const api::Page asked(request, principal.name, violations);
  const auto place = asked.Numbers(2, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (!supervisor && !moderator &&
      (principal.department.empty() ||
       (!request.department().empty() && request.department() != principal.department))) {
    return OtherDepartment();
  }
  InboxFilter filter;
  filter.department = supervisor || moderator ? request.department() : principal.department;
  filter.flagged = request.flagged();
  if (request.state() != 0) filter.state = static_cast<State>(request.state());
  if (request.overdue()) filter.overdue_at = WholeMicros(clock_.Now());
  if (request.priority() != 0) filter.priority = static_cast<Priority>(request.priority());
  filter.assignee = request.assignee() == "me" ? principal.name : request.assignee();
  std::optional<InboxPosition> from;
  if (place) from.emplace((*place)[0], (*place)[1]);
  ASSIGN_OR_RETURN(InboxPage page, store_.Inbox(filter, from, asked.size()));
  v1::ListInboxResponse response;
  api::PageBudget budget;
  for (size_t i = 0; i < page.appeals.size(); ++i) {
    const Appeal& appeal = page.appeals[i];
    v1::Appeal wire = ToWire(appeal, moderator ? View::kPublic : View::kStaff);
    if (moderator) AddModeration(appeal, wire);
    if (!budget.Fits(wire)) {
      page.next = PositionOf(page.appeals[i - 1]);
      break;
    }
    *response.add_appeals() = std::move(wire);
  }
  if (page.next) {
    response.set_next_page_token(asked.TokenAfter({page.next->first, page.next->second}));
  }
  return response;
}

absl::StatusOr<v1::SuggestDuplicatesResponse> ListCalls::SuggestDuplicates(
    const rpc::Call& call, const v1::SuggestDuplicatesRequest& request, Violations violations) {
  const std::string text = ReadText(request.text(), "text", kLongestText, false, violations);
  const auto location = ReadLocation(request.has_location(), request.location(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::SuggestDuplicatesResponse response;
  if (!location) return response;
  ASSIGN_OR_RETURN(std::vector<Appeal> near,
                   store_.Near(*location, kDuplicateRadiusMeters, kMostDuplicateCandidates));
  const Viewer viewer = ViewerOf(call, "");
  for (const Duplicate& duplicate : RankDuplicates(text, *location, near)) {
    const Appeal& appeal = near[duplicate.index];
    auto& candidate = *response.add_candidates();
    *candidate.mutable_appeal() = ToWire(appeal, ViewOf(appeal, viewer));
    candidate.set_score(duplicate.score);
    candidate.set_distance_meters(duplicate.distance_meters);
  }
  return response;
}

}  // namespace veche::appeals
