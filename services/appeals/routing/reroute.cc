#include "services/appeals/routing/reroute.h"

#include "common/text/stem.h"

namespace veche::appeals {

void ApplyCategoryTerms(const CitySnapshot& city, Appeal& appeal) {
  const CitySnapshot::Category* category = city.FindCategory(appeal.category);
  if (category == nullptr) return;
  appeal.clock.response_hours = category->response_hours;
  appeal.legal_profile = category->legal_profile;
}

absl::Status Reroute(Appeal& appeal, const Actor& by, const RoutingKnowledge& knowledge,
                     const WorkingCalendar& calendar, const Text& deadline_reason, Record& record) {
  const std::vector<std::string> terms = text::SearchTerms(PublicText(appeal));
  const DepartmentChoice choice =
      ChooseDepartment(FactsOf(appeal, terms, calendar.zone()), knowledge);
  if (choice.category != appeal.category) {
    // Only a rule replaces a category.
    AddEntry(record, EntryType::kCategoryChanged, Actor{}, appeal.updated).text = {
        "CATEGORY_BY_RULE",
        {{"rule", choice.reason.title}, {"from", appeal.category}, {"to", choice.category}}};
    appeal.category = choice.category;
  }
  ApplyCategoryTerms(knowledge.city, appeal);
  if (!choice.department.empty()) {
    const std::string suggested = std::move(appeal.routing.suggested_category);
    appeal.routing = choice.reason;
    if (!suggested.empty()) appeal.routing.suggested_category = appeal.category;
  }
  if (choice.department.empty() || choice.department == appeal.department) {
    RefreshDeadline(appeal, calendar, appeal.updated, deadline_reason, record);
    return absl::OkStatus();
  }
  appeal.department = choice.department;
  appeal.assignee.clear();
  return ApplyStep(appeal,
                   {.action = Action::kAssign,
                    .actor = by,
                    .now = appeal.updated,
                    .text = Describe(choice.reason),
                    .deadline_reason = deadline_reason},
                   calendar, record);
}

}  // namespace veche::appeals
