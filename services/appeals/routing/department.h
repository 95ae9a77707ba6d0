#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/text.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/rule_set.h"
#include "services/appeals/routing/suggestion.h"

// How an appeal gets its department. Pure.

namespace veche::appeals {

struct RoutingOptions {
  // A department that was learned wins over the category's own from this probability on, and never
  // below the suggestion's `sure_from`.
  double learned_department_from = 0.85;
};

// What a decision is made of, besides the appeal itself.
struct RoutingKnowledge {
  const RuleSet& rules;
  const CitySnapshot& city;
  // What the classifier says; null when a person chose the category, which then counts for more.
  const Suggestion* suggestion = nullptr;
  RoutingOptions options = {};
};

struct DepartmentChoice {
  std::string department;  // "" when a person must decide
  std::string category;    // another than before when a rule changed it
  Routing reason;          // by nobody when there is no department
};

// The first that has an answer: a rule of the city; the category's department in the directory,
// unless the classifier has learned another one and is sure of it; what the classifier has learned.
// Rules that name what the city no longer has are passed over.
DepartmentChoice ChooseDepartment(const RoutingFacts& facts, const RoutingKnowledge& knowledge);

// The facts of an appeal as rules see them; `zone` is the city's. Points into both.
RoutingFacts FactsOf(const Appeal& appeal, absl::Span<const std::string> terms,
                     absl::TimeZone zone);

// The reason in a few words for the timeline, which everyone reads; empty where a person chose.
Text Describe(const Routing& reason);

}  // namespace veche::appeals
