#include "services/appeals/routing/decision.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace veche::appeals {
namespace {

// For a classifier that gives no `sure_from`: only a certain probability is above it.
constexpr double kNearlyOne = 0.999;

// A department, and the categories whose appeals it would get.
struct Likely {
  DepartmentChoice choice;  // for the likeliest of the categories
  double probability = 0;   // of all the categories together
};

void Add(DepartmentChoice choice, double probability, std::vector<Likely>& likely) {
  if (choice.department.empty()) return;
  for (Likely& known : likely) {
    if (known.choice.department != choice.department) continue;
    known.probability += probability;
    return;
  }
  likely.push_back({std::move(choice), probability});
}

// Finds the department of every category that the appeal may have. The probability that no named
// category has goes to the department of an appeal without a category.
std::vector<Likely> TryAll(const RoutingFacts& facts, const RoutingKnowledge& knowledge) {
  std::vector<Likely> likely;
  double rest = 1;
  RoutingFacts trial = facts;
  for (const Suggestion::Candidate& candidate : knowledge.suggestion->candidates) {
    if (knowledge.city.FindCategory(candidate.category) == nullptr) continue;
    trial.category = candidate.category;
    Add(ChooseDepartment(trial, knowledge), candidate.probability, likely);
    rest -= candidate.probability;
  }
  trial.category = "";
  Add(ChooseDepartment(trial, knowledge), std::max(rest, 0.0), likely);
  return likely;
}

const Suggestion::Candidate* FirstKnown(const Suggestion& suggestion, const CitySnapshot& city) {
  for (const Suggestion::Candidate& candidate : suggestion.candidates) {
    if (city.FindCategory(candidate.category) != nullptr) return &candidate;
  }
  return nullptr;
}

// No department was chosen; carries the suggestion for the person who will choose.
DepartmentChoice ForAPerson(const Suggestion::Candidate* first, const Suggestion& suggestion) {
  DepartmentChoice choice;
  if (first == nullptr) return choice;
  choice.reason.suggested_category = first->category;
  choice.reason.probability = first->probability;
  choice.reason.model = suggestion.model;
  return choice;
}

}  // namespace

std::string SureCategory(const Suggestion& suggestion, const CitySnapshot& city) {
  if (!suggestion.confident || suggestion.candidates.empty()) return "";
  const std::string& first = suggestion.candidates[0].category;
  return city.FindCategory(first) == nullptr ? "" : first;
}

DepartmentChoice DecideNew(const RoutingFacts& facts, const RoutingKnowledge& knowledge,
                           bool urgent) {
  const Suggestion& suggestion = *knowledge.suggestion;
  RoutingFacts settled = facts;
  const std::string sure = SureCategory(suggestion, knowledge.city);
  if (knowledge.city.FindCategory(facts.category) == nullptr) settled.category = sure;
  if (!settled.category.empty()) return ChooseDepartment(settled, knowledge);

  const Suggestion::Candidate* first = FirstKnown(suggestion, knowledge.city);
  std::vector<Likely> likely = TryAll(settled, knowledge);
  const auto best = std::max_element(
      likely.begin(), likely.end(),
      [](const Likely& a, const Likely& b) { return a.probability < b.probability; });
  const double sure_from = suggestion.sure_from > 0 ? suggestion.sure_from : kNearlyOne;
  if (best == likely.end() || (best->probability <= sure_from && !urgent)) {
    return ForAPerson(first, suggestion);
  }
  DepartmentChoice choice = std::move(best->choice);
  if (choice.category.empty() && first != nullptr) choice.category = first->category;
  if (choice.reason.by == RoutedBy::kCategory) {
    choice.reason.by = RoutedBy::kCategories;
    choice.reason.probability = best->probability;
  }
  choice.reason.suggested_category = choice.category;
  return choice;
}

}  // namespace veche::appeals
