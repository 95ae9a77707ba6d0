#pragma once

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/rule_book.h"
#include "services/appeals/storage/rule_store.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/routing.pb.h"

namespace veche::appeals {

// The calls of the service RoutingRules. Blocking; thread-safe.
class RuleCalls {
 public:
  struct Parts {
    sql::Database& database;
    RuleStore& store;
    RuleBook& book;
    Store& appeals;
    CityProvider city;
    const Clock& clock;
    absl::TimeZone zone;  // the city's
    const Texts& texts;
  };

  // All parts must outlive it.
  explicit RuleCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::RoutingRuleSet> GetRoutingRules(const rpc::Call& call,
                                                     const v1::GetRoutingRulesRequest& request);
  absl::StatusOr<v1::RoutingRuleSet> UpdateRoutingRules(
      const rpc::Call& call, const v1::UpdateRoutingRulesRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::CheckRoutingRulesResponse> CheckRoutingRules(
      const rpc::Call& call, const v1::CheckRoutingRulesRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::DryRunRoutingRulesResponse> DryRunRoutingRules(
      const rpc::Call& call, const v1::DryRunRoutingRulesRequest& request,
      Violations violations = {});

 private:
  // The copy of the directory. Unavailable before it was reached.
  absl::StatusOr<std::shared_ptr<const CitySnapshot>> KnownCity() const;

  const Parts parts_;
};

}  // namespace veche::appeals
