#pragma once

#include <vector>

#include "common/base/error.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/rule.h"

namespace veche::appeals {

inline constexpr size_t kMostRules = 500;

// Reports every fault in a set of rules, each with its field's path ("rules[3].when.categories[0]")
// and what to do. Faults are names that the city does not have, rules without a condition or
// without an effect, values without meaning, and, among enabled rules: a rule that can never fire
// because earlier rules take everything that it matches; two rules of the same order with the same
// conditions and different effects; categories that are changed in a circle. Pure.
void CheckRules(const std::vector<RoutingRule>& rules, const CitySnapshot& city,
                Violations& violations);

}  // namespace veche::appeals
