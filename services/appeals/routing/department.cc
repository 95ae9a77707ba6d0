#include "services/appeals/routing/department.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

namespace veche::appeals {
namespace {

const Suggestion::Candidate* CandidateOf(const Suggestion* suggestion, absl::string_view category) {
  if (suggestion == nullptr) return nullptr;
  for (const Suggestion::Candidate& candidate : suggestion->candidates) {
    if (candidate.category == category) return &candidate;
  }
  return nullptr;
}

struct Learned {
  std::string department;
  double probability = 0;
};

// The city's department of a kind; "" when the city has none, or several, because the classifier
// knows only kinds.
std::string DepartmentOf(const std::string& kind, const CitySnapshot& city) {
  const auto of_kind = city.departments_by_kind.find(kind);
  if (of_kind == city.departments_by_kind.end() || of_kind->second.size() != 1) return "";
  return of_kind->second[0];
}

// The department that the classifier is sure of, if it differs from the category's.
std::optional<Learned> LearnedDepartment(const RoutingKnowledge& knowledge,
                                         const std::string& category_department) {
  if (knowledge.suggestion == nullptr || knowledge.suggestion->departments.empty()) return {};
  const auto& first = knowledge.suggestion->departments[0];
  const double from =
      std::max(knowledge.options.learned_department_from, knowledge.suggestion->sure_from);
  if (first.probability < from) return {};
  const std::string department = DepartmentOf(first.kind, knowledge.city);
  if (department.empty() || department == category_department) return {};
  return Learned{department, first.probability};
}

void Fill(const RoutingRule& rule, Routing& reason) {
  reason.by = RoutedBy::kRule;
  reason.rule = rule.id;
  reason.title = rule.title;
}

}  // namespace

DepartmentChoice ChooseDepartment(const RoutingFacts& facts, const RoutingKnowledge& knowledge) {
  const CitySnapshot& city = knowledge.city;
  DepartmentChoice choice{.category = std::string(facts.category)};
  if (knowledge.suggestion != nullptr) choice.reason.model = knowledge.suggestion->model;
  if (const Suggestion::Candidate* candidate = CandidateOf(knowledge.suggestion, facts.category)) {
    choice.reason.probability = candidate->probability;
  }
  const RoutingRule* changer = nullptr;
  RuleSet::Walk walk = knowledge.rules.Begin(facts);
  while (const RoutingRule* rule = walk.Next(choice.category)) {
    if (!rule->department.empty() && !city.departments.contains(rule->department)) continue;
    if (!rule->category.empty() && rule->category != choice.category &&
        city.FindCategory(rule->category) != nullptr) {
      choice.category = rule->category;
      choice.reason.previous_category = std::string(facts.category);
      changer = rule;
    }
    if (rule->department.empty()) continue;
    choice.department = rule->department;
    Fill(*rule, choice.reason);
    return choice;
  }
  const CitySnapshot::Category* category = city.FindCategory(choice.category);
  if (category != nullptr) choice.department = category->department;
  const auto learned = LearnedDepartment(knowledge, choice.department);
  if (changer != nullptr && category != nullptr) {
    Fill(*changer, choice.reason);
  } else if (learned) {
    choice.department = learned->department;
    choice.reason.by = RoutedBy::kModel;
    choice.reason.probability = learned->probability;
  } else if (!choice.department.empty()) {
    choice.reason.by = RoutedBy::kCategory;
    choice.reason.title = category->title;
  } else {
    choice.reason = Routing();
  }
  return choice;
}

RoutingFacts FactsOf(const Appeal& appeal, absl::Span<const std::string> terms,
                     absl::TimeZone zone) {
  const absl::CivilMinute written = absl::ToCivilMinute(appeal.created, zone);
  return {.category = appeal.category,
          .district = appeal.district,
          .terms = terms,
          .appeal_class = appeal.appeal_class,
          .priority = appeal.priority,
          .weekday = static_cast<int>(absl::GetWeekday(absl::CivilDay(written))) + 1,
          .minute = static_cast<int>(written.hour() * 60 + written.minute())};
}

Text Describe(const Routing& reason) {
  switch (reason.by) {
    case RoutedBy::kRule:
      return {"ROUTED_BY_RULE", {{"rule", reason.title}}};
    case RoutedBy::kCategory:
      return "ROUTED_BY_CATEGORY";
    case RoutedBy::kModel:
      return "ROUTED_BY_WORDS";
    case RoutedBy::kCategories:
      return "ROUTED_AS_LIKELIEST";
    case RoutedBy::kPerson:
    case RoutedBy::kNobody:
      break;
  }
  return {};
}

}  // namespace veche::appeals
