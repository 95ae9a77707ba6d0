#pragma once

#include <vector>

#include "common/base/error.h"
#include "google/protobuf/repeated_field.h"
#include "services/appeals/routing/rule.h"
#include "veche/appeals/v1/routing.pb.h"

// Rules between the wire and the domain. Pure.

namespace veche::appeals {

// What cannot be a rule at all (unknown enum values, times that are none) is a violation; such a
// rule is not enabled, as it cannot be compared with others.
std::vector<RoutingRule> RulesFromWire(
    const google::protobuf::RepeatedPtrField<v1::RoutingRule>& wire, Violations& violations);

v1::RoutingRule RuleToWire(const RoutingRule& rule);

}  // namespace veche::appeals
