#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/mask.h"
#include "common/text/stem.h"
#include "services/appeals/calls/handlers.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/routing/reroute.h"

// Who answers: a department by hand, or by the rules after category or place were changed by hand.

namespace veche::appeals {
namespace {

constexpr absl::string_view kCategoryReason =
    "The category changed, and with it the response time.";
constexpr absl::string_view kPlaceReason = "The place changed, and with it the response time.";

// "a → b", and below it why.
std::string Changed(absl::string_view from, absl::string_view to, absl::string_view comment) {
  std::string text = from == to ? "" : absl::StrCat(from, " → ", to);
  if (!text.empty() && !comment.empty()) absl::StrAppend(&text, "\n");
  return absl::StrCat(text, comment);
}

// What changes the department needs a state in which it may change.
absl::Status MayBeAssigned(const Appeal& appeal, const Actor& actor) {
  if (NextState(appeal.state, Action::kAssign, actor.party)) return absl::OkStatus();
  return TransitionNotAllowed(Name(appeal.state), Name(Action::kAssign));
}

// What an appeal is found by: its public text and address.
std::vector<std::string> TermsOf(const Appeal& appeal) {
  std::vector<std::string> terms;
  absl::c_set_union(text::SearchTerms(PublicText(appeal)),
                    text::SearchTerms(text::MaskPersonalData(appeal.address)),
                    std::back_inserter(terms));
  return terms;
}

absl::Status DirectoryNotReached() {
  return absl::UnavailableError(
      "The directory was not reached yet, so no department can be chosen. Name one, or try again.");
}

}  // namespace

absl::StatusOr<v1::Appeal> Handlers::AssignAppeal(const rpc::Call& call,
                                                  const v1::AssignAppealRequest& request,
                                                  Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = d_.city.Get();
  if (request.department().empty() && request.category().empty()) {
    violations.Add("department", "must be there, or a category whose department is to be found");
  }
  CheckDepartment(request.department(), city.get(), "department", violations);
  CheckCategory(request.category(), city.get(), "category", violations);
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (request.department().empty()) return Recategorize(call, request, comment);
  return Change(
      call, {request.name(), "", request.etag()}, By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) {
        Step step{
            .action = Action::kAssign, .actor = actor, .now = appeal.updated, .comment = comment};
        if (appeal.department != request.department()) appeal.assignee.clear();
        appeal.department = request.department();
        const std::string suggested = std::move(appeal.routing.suggested_category);
        appeal.routing = {.by = RoutedBy::kPerson};
        // Who says where it belongs has not said yet what it is about.
        if (request.category().empty() && !appeal.category.empty()) {
          appeal.routing.suggested_category = suggested;
        }
        if (!request.category().empty() && request.category() != appeal.category) {
          if (!appeal.category.empty()) {
            AddEntry(record, entry::kCategoryChanged, actor, step.now,
                     Changed(appeal.category, request.category(), ""));
            step.deadline_reason = std::string(kCategoryReason);
          }
          appeal.category = request.category();
        }
        if (city != nullptr) ApplyCategoryTerms(*city, appeal);
        return Take(appeal, step, d_.calendar, record);
      });
}

absl::StatusOr<v1::Appeal> Handlers::Recategorize(const rpc::Call& call,
                                                  const v1::AssignAppealRequest& request,
                                                  const std::string& comment) {
  const std::shared_ptr<const CitySnapshot> city = d_.city.Get();
  if (city == nullptr) return DirectoryNotReached();
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, d_.rules.Get());
  return Change(call, {request.name(), "", request.etag()}, By::kStaff,
                [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
                  RETURN_IF_ERROR(MayBeAssigned(appeal, actor));
                  AddEntry(record, entry::kCategoryChanged, actor, appeal.updated,
                           Changed(appeal.category, request.category(), comment));
                  AddEvent(record, "recategorized", actor);
                  appeal.category = request.category();
                  appeal.routing.suggested_category.clear();
                  return Reroute(appeal, actor, {.rules = *rules, .city = *city}, d_.calendar,
                                 kCategoryReason, record);
                });
}

absl::StatusOr<v1::Appeal> Handlers::RelocateAppeal(const rpc::Call& call,
                                                    const v1::RelocateAppealRequest& request,
                                                    Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = d_.city.Get();
  const auto location = TakeLocation(request.has_location(), request.location(), violations);
  if (violations.empty() && !location) {
    violations.Add("location", "must be a point: latitude and longitude");
  }
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (city == nullptr) return DirectoryNotReached();
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, d_.rules.Get());
  std::string left;  // the address until now
  auto relocate = [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
    RETURN_IF_ERROR(MayBeAssigned(appeal, actor));
    left = appeal.address;
    const std::string district = city->DistrictAt(*location);
    AddEntry(record, entry::kLocationChanged, actor, appeal.updated,
             Changed(appeal.district, district, comment));
    AddEvent(record, "relocated", actor);
    appeal.location = location;
    appeal.address = request.location().address();
    appeal.district = district;
    return Reroute(appeal, actor, {.rules = *rules, .city = *city}, d_.calendar, kPlaceReason,
                   record);
  };
  // Found by its new address, and no longer by the old one.
  auto index = [&](sql::Transaction& transaction, const Appeal& appeal) -> absl::Status {
    const std::vector<std::string> terms = TermsOf(appeal);
    std::vector<std::string> gone;
    absl::c_set_difference(text::SearchTerms(text::MaskPersonalData(left)), terms,
                           std::back_inserter(gone));
    RETURN_IF_ERROR(d_.store.UnindexIn(transaction, appeal.id, gone));
    return d_.store.IndexIn(transaction, appeal.id, terms);
  };
  return Change(call, {request.name(), "", request.etag()}, By::kStaff, relocate, index);
}

}  // namespace veche::appeals
