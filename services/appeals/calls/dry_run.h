#pragma once

#include <map>
#include <string>
#include <utility>

#include "services/appeals/domain/appeal.h"
#include "services/appeals/routing/department.h"
#include "services/appeals/routing/rule_set.h"
#include "veche/appeals/v1/routing.pb.h"

namespace veche::appeals {

// Compares two sets of rules on appeals that were routed before. Pure; for one thread.
class DryRun {
 public:
  // All must outlive it.
  DryRun(const RuleSet& in_force, const RuleSet& tried, const CitySnapshot& city,
         absl::TimeZone zone)
      : in_force_(in_force), tried_(tried), city_(city), zone_(zone) {}

  // The newest appeal first.
  void Look(const Appeal& appeal);
  v1::DryRunRoutingRulesResponse Result() const;

 private:
  DepartmentChoice Choose(const Appeal& appeal, const RoutingFacts& facts,
                          const RuleSet& rules) const;

  const RuleSet& in_force_;
  const RuleSet& tried_;
  const CitySnapshot& city_;
  const absl::TimeZone zone_;
  v1::DryRunRoutingRulesResponse result_;
  std::map<std::pair<std::string, std::string>, int> moves_;  // by departments before and after
};

}  // namespace veche::appeals
