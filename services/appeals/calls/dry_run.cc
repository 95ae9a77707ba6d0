#include "services/appeals/calls/dry_run.h"

#include <algorithm>

#include "common/text/stem.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

constexpr int kMostExamples = 100;

}  // namespace

void DryRun::Look(const Appeal& appeal) {
  result_.set_looked_at(result_.looked_at() + 1);
  const std::vector<std::string> terms = text::SearchTerms(PublicText(appeal));
  RoutingFacts facts = FactsOf(appeal, terms, zone_);
  // The category before a rule changed it.
  if (!appeal.routing.previous_category.empty()) facts.category = appeal.routing.previous_category;
  const DepartmentChoice before = Choose(appeal, facts, in_force_);
  const DepartmentChoice after = Choose(appeal, facts, tried_);
  if (before.department == after.department && before.category == after.category) return;
  result_.set_changed(result_.changed() + 1);
  if (before.department != after.department) ++moves_[{before.department, after.department}];
  if (result_.examples_size() == kMostExamples) return;
  v1::DryRunRoutingRulesResponse::Example& example = *result_.add_examples();
  example.set_appeal(AppealName(appeal.id));
  example.set_from(before.department);
  example.set_to(after.department);
  example.set_rule(after.reason.rule);
  if (before.category != after.category) example.set_category(after.category);
}

DepartmentChoice DryRun::Choose(const Appeal& appeal, const RoutingFacts& facts,
                                const RuleSet& rules) const {
  DepartmentChoice choice = ChooseDepartment(facts, {.rules = rules, .city = city_});
  // Where no rule decides, the stored answer of the classifier is used again.
  if (appeal.routing.by == RoutedBy::kModel && choice.reason.by != RoutedBy::kRule) {
    choice.department = appeal.department;
  }
  return choice;
}

v1::DryRunRoutingRulesResponse DryRun::Result() const {
  v1::DryRunRoutingRulesResponse result = result_;
  std::vector<std::pair<int, std::pair<std::string, std::string>>> moves;
  for (const auto& [move, count] : moves_) moves.emplace_back(-count, move);
  std::sort(moves.begin(), moves.end());
  for (const auto& [count, move] : moves) {
    auto& wire = *result.add_moves();
    wire.set_from(move.first);
    wire.set_to(move.second);
    wire.set_count(-count);
  }
  return result;
}

}  // namespace veche::appeals
