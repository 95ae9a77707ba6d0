#pragma once

#include <vector>

#include "common/base/error.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/rule.h"

namespace veche::appeals {

inline constexpr size_t kMostRules = 500;

// Says everything that is wrong with a set of rules, each field by its path
// ("rules[3].when.categories[0]") and with what to do: names that the city does not have, nothing
// to ask for or to do, values that say nothing, and, among enabled rules,
//   - one that can never fire, because earlier ones take all of what it asks for,
//   - two of the same order that ask for the same and say different things,
//   - categories that are changed in a circle.
// Pure.
void CheckRules(const std::vector<RoutingRule>& rules, const CitySnapshot& city,
                Violations& violations);

}  // namespace veche::appeals
