#pragma once

#include <cstddef>
#include <vector>

#include "common/base/error.h"
#include "services/appeals/routing/rule.h"

namespace veche::appeals {

// A rule and where it stands in what the client sent.
struct IndexedRule {
  size_t index = 0;
  const RoutingRule* rule = nullptr;
};

// Reports faults between rules, each of which is correct by itself: see CheckRules. Pure.
void CheckRelations(std::vector<IndexedRule> rules, Violations& violations);

}  // namespace veche::appeals
