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

// The choice of an appeal's department. Pure.

namespace veche::appeals {

struct RoutingOptions {
  // A learned department wins over the category's own from this probability on, but never below the
  // suggestion's `sure_from`.
  double learned_department_from = 0.85;
};

// The inputs of a decision besides the appeal itself.
struct RoutingKnowledge {
  const RuleSet& rules;
  const CitySnapshot& city;
  // The classifier's answer; null when a person chose the category, because that choice wins.
  const Suggestion* suggestion = nullptr;
  RoutingOptions options = {};
};

struct DepartmentChoice {
  std::string department;  // "" when a person must decide
  std::string category;    // differs from the old one when a rule changed it
  Routing reason;          // by kNobody when there is no department
};

// Takes the first source that gives a department: a rule of the city; the category's department in
// the directory, unless the classifier has learned another one and is sure of it; a department that
// the classifier has learned. Skips rules that name something that the city no longer has.
DepartmentChoice ChooseDepartment(const RoutingFacts& facts, const RoutingKnowledge& knowledge);

// The facts of an appeal that rules test; `zone` is the city's. Points into both.
RoutingFacts FactsOf(const Appeal& appeal, absl::Span<const std::string> terms,
                     absl::TimeZone zone);

// The reason in a few words for the timeline, which everyone reads; empty where a person chose.
Text Describe(const Routing& reason);

}  // namespace veche::appeals
