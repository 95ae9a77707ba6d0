#include "services/appeals/calls/assign_calls.h"

#include <iterator>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "common/text/mask.h"
#include "common/text/stem.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/routing/reroute.h"

namespace veche::appeals {
namespace {

constexpr char kCategoryReason[] = "DEADLINE_BY_CATEGORY";
constexpr char kPlaceReason[] = "DEADLINE_BY_PLACE";

// The text of an entry that names the old and the new value; none when they are equal.
Text NewCategory(absl::string_view from, absl::string_view to) {
  return from == to ? Text() : Text("NEW_CATEGORY", {{"from", from}, {"to", to}});
}
Text NewDistrict(absl::string_view from, absl::string_view to) {
  return from == to ? Text() : Text("NEW_DISTRICT", {{"from", from}, {"to", to}});
}

// A change of department is allowed only in a state from which the appeal can be assigned.
absl::Status MayBeAssigned(const Appeal& appeal, const Actor& actor) {
  if (NextState(appeal.state, Action::kAssign, actor.party)) return absl::OkStatus();
  return TransitionNotAllowed(Name(appeal.state), Name(Action::kAssign));
}

// The search terms of an appeal: those of its public text and its address.
std::vector<std::string> TermsOf(const Appeal& appeal) {
  std::vector<std::string> terms;
  absl::c_set_union(text::SearchTerms(PublicText(appeal)),
                    text::SearchTerms(text::MaskPersonalData(appeal.address)),
                    std::back_inserter(terms));
  return terms;
}

absl::Status DirectoryNotReached() {
  return absl::UnavailableError("the directory was not reached yet");  // for the log
}

}  // namespace

absl::StatusOr<v1::Appeal> AssignCalls::AssignAppeal(const rpc::Call& call,
                                                     const v1::AssignAppealRequest& request,
                                                     Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = city_();
  if (request.department().empty() && request.category().empty()) {
    violations.Add("department", "DEPARTMENT_OR_CATEGORY");
  }
  CheckDepartment(request.department(), city.get(), "department", violations);
  CheckCategory(request.category(), city.get(), "category", violations);
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (request.department().empty()) return Recategorize(call, request, comment);
  return change_.Run(
      call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) {
        Step step{
            .action = Action::kAssign, .actor = actor, .now = appeal.updated, .comment = comment};
        if (appeal.department != request.department()) appeal.assignee.clear();
        appeal.department = request.department();
        const std::string suggested = std::move(appeal.routing.suggested_category);
        appeal.routing = {.by = RoutedBy::kPerson};
        // Naming a department does not confirm a category that was only suggested.
        if (request.category().empty() && !appeal.category.empty()) {
          appeal.routing.suggested_category = suggested;
        }
        if (!request.category().empty() && request.category() != appeal.category) {
          if (!appeal.category.empty()) {
            AddEntry(record, EntryType::kCategoryChanged, actor, step.now).text =
                NewCategory(appeal.category, request.category());
            step.deadline_reason = kCategoryReason;
          }
          appeal.category = request.category();
        }
        if (city != nullptr) ApplyCategoryTerms(*city, appeal);
        return ApplyStep(appeal, step, change_.calendar(), record);
      });
}

absl::StatusOr<v1::Appeal> AssignCalls::Recategorize(const rpc::Call& call,
                                                     const v1::AssignAppealRequest& request,
                                                     const std::string& comment) {
  const std::shared_ptr<const CitySnapshot> city = city_();
  if (city == nullptr) return DirectoryNotReached();
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, rules_.Get());
  return change_.Run(
      call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
        RETURN_IF_ERROR(MayBeAssigned(appeal, actor));
        AddEntry(record, EntryType::kCategoryChanged, actor, appeal.updated, comment).text =
            NewCategory(appeal.category, request.category());
        AddEvent(record, EventType::kRecategorized, actor);
        appeal.category = request.category();
        appeal.routing.suggested_category.clear();
        return Reroute(appeal, actor, {.rules = *rules, .city = *city}, change_.calendar(),
                       kCategoryReason, record);
      });
}

absl::StatusOr<v1::Appeal> AssignCalls::RelocateAppeal(const rpc::Call& call,
                                                       const v1::RelocateAppealRequest& request,
                                                       Violations violations) {
  const std::shared_ptr<const CitySnapshot> city = city_();
  const auto location = ReadLocation(request.has_location(), request.location(), violations);
  if (violations.empty() && !location) {
    violations.Add("location", "POINT_REQUIRED");
  }
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (city == nullptr) return DirectoryNotReached();
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, rules_.Get());
  std::string old_address;  // before the move
  auto relocate = [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
    RETURN_IF_ERROR(MayBeAssigned(appeal, actor));
    old_address = appeal.address;
    const std::string district = city->DistrictAt(*location);
    AddEntry(record, EntryType::kLocationChanged, actor, appeal.updated, comment).text =
        NewDistrict(appeal.district, district);
    AddEvent(record, EventType::kRelocated, actor);
    appeal.location = location;
    appeal.address = request.location().address();
    appeal.district = district;
    return Reroute(appeal, actor, {.rules = *rules, .city = *city}, change_.calendar(),
                   kPlaceReason, record);
  };
  // The appeal is found by its new address, and no longer by the old one.
  auto index = [&](sql::Transaction& transaction, const Appeal& appeal) -> absl::Status {
    const std::vector<std::string> terms = TermsOf(appeal);
    std::vector<std::string> gone;
    absl::c_set_difference(text::SearchTerms(text::MaskPersonalData(old_address)), terms,
                           std::back_inserter(gone));
    RETURN_IF_ERROR(change_.store().Unindex(transaction, appeal.id, gone));
    return change_.store().Index(transaction, appeal.id, terms);
  };
  return change_.Run(call, {request.name(), "", request.etag()}, AppealChange::By::kStaff, relocate,
                     index);
}

}  // namespace veche::appeals
