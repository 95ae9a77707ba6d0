#pragma once

#include <vector>

#include "common/base/error.h"
#include "google/protobuf/repeated_field.h"
#include "services/appeals/routing/rule.h"
#include "veche/appeals/v1/routing.pb.h"

// Conversion of rules between protos and domain types. Pure.

namespace veche::appeals {

// Unknown enum values and invalid times are violations; such a rule is not enabled, because it
// cannot be compared with others.
std::vector<RoutingRule> RulesFromWire(
    const google::protobuf::RepeatedPtrField<v1::RoutingRule>& wire, Violations& violations);

v1::RoutingRule RuleToWire(const RoutingRule& rule);

}  // namespace veche::appeals
