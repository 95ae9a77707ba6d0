#pragma once

#include <string>

#include "services/appeals/routing/department.h"

// Decides about a new appeal without a person: docs/decisions/0010-who-decides.md. Pure.

namespace veche::appeals {

// The city's category that the classifier is sure of; "" when there is none.
std::string SureCategory(const Suggestion& suggestion, const CitySnapshot& city);

// Decides about a new appeal; `facts` hold the author's own category or none. If the author chose
// the category or the classifier is sure of it, ChooseDepartment decides. Otherwise each possible
// category is routed on trial. A department whose categories together have a probability of more
// than the suggestion's `sure_from` gets the appeal, with the likeliest of its categories until a
// person confirms it. An `urgent` appeal goes to the likeliest department at once. If no department
// and category result, a person decides, and the reason holds the suggestion for this person.
// REQUIRES: knowledge.suggestion is not null.
DepartmentChoice DecideNew(const RoutingFacts& facts, const RoutingKnowledge& knowledge,
                           bool urgent);

}  // namespace veche::appeals
