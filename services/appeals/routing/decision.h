#pragma once

#include <string>

#include "services/appeals/routing/department.h"

// What becomes of a new appeal without a person: docs/decisions/0010-who-decides.md. Pure.

namespace veche::appeals {

// The category that the classifier is sure of and the city has; "" when there is none.
std::string SureCategory(const Suggestion& suggestion, const CitySnapshot& city);

// Decides about a new appeal, of which `facts` hold the author's own category or none. A category
// that the author chose or the classifier is sure of settles it: ChooseDepartment. Otherwise each
// category that it may be is routed on trial, and a department to which they go together with a
// probability of more than the suggestion's `sure_from` has it, the likeliest of its categories for
// the time being; what is `urgent` goes to the likeliest department at once. Without a department
// and a category a person decides; the reason holds what to suggest to them.
// REQUIRES: knowledge.suggestion is not null.
DepartmentChoice DecideNew(const RoutingFacts& facts, const RoutingKnowledge& knowledge,
                           bool urgent);

}  // namespace veche::appeals
