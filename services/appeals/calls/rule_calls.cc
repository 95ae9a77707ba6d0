#include "services/appeals/calls/rule_calls.h"

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "google/rpc/error_details.pb.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/dry_run.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/routing/rule_check.h"
#include "services/appeals/storage/rule_wire.h"

namespace veche::appeals {
namespace {

constexpr int kMostAppeals = 1'000;
constexpr char kBadRequest[] = "type.googleapis.com/google.rpc.BadRequest";

v1::RoutingRuleSet SetToWire(const StoredRules& stored) {
  v1::RoutingRuleSet wire;
  for (const RoutingRule& rule : stored.rules) *wire.add_rules() = RuleToWire(rule);
  wire.set_etag(absl::StrCat(stored.version));
  wire.set_version(stored.version);
  if (stored.version > 0) *wire.mutable_update_time() = api::ToTimestamp(stored.updated);
  wire.set_updater(stored.updater);
  return wire;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const CitySnapshot>> RuleCalls::KnownCity() const {
  std::shared_ptr<const CitySnapshot> city = parts_.city();
  if (city == nullptr) {
    return absl::UnavailableError("the directory was not reached yet");  // for the log
  }
  return city;
}

absl::StatusOr<v1::RoutingRuleSet> RuleCalls::GetRoutingRules(
    const rpc::Call&, const v1::GetRoutingRulesRequest& request) {
  if (request.version() < 0) return RoutingRulesNotFound(request.version());
  ASSIGN_OR_RETURN(const StoredRules stored, parts_.store.Get(request.version()));
  return SetToWire(stored);
}

absl::StatusOr<v1::RoutingRuleSet> RuleCalls::UpdateRoutingRules(
    const rpc::Call& call, const v1::UpdateRoutingRulesRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const auto city, KnownCity());
  StoredRules stored;
  stored.rules = RulesFromWire(request.rules(), violations);
  CheckRules(stored.rules, *city, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  stored.updater = call.principal().name;
  stored.updated = FromMicros(ToMicros(parts_.clock.Now()));
  v1::RoutingRuleSet response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t newest, parts_.store.NewestVersion(transaction));
    RETURN_IF_ERROR(CheckRulesEtag(newest, request.etag()));
    stored.version = newest + 1;
    const absl::Status put = parts_.store.Put(transaction, stored);
    if (absl::IsAlreadyExists(put)) return RoutingRulesChanged(newest + 1);
    RETURN_IF_ERROR(put);
    response = SetToWire(stored);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::CheckRoutingRulesResponse> RuleCalls::CheckRoutingRules(
    const rpc::Call& call, const v1::CheckRoutingRulesRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const auto city, KnownCity());
  CheckRules(RulesFromWire(request.rules(), violations), *city, violations);
  v1::CheckRoutingRulesResponse response;
  google::rpc::BadRequest bad_request;
  if (auto payload =
          Localize(violations.ToStatus(), parts_.texts, call.language()).GetPayload(kBadRequest)) {
    bad_request.ParseFromString(std::string(*payload));
  }
  for (const auto& violation : bad_request.field_violations()) {
    auto& wire = *response.add_violations();
    wire.set_field(violation.field());
    wire.set_description(violation.description());
  }
  return response;
}

absl::StatusOr<v1::DryRunRoutingRulesResponse> RuleCalls::DryRunRoutingRules(
    const rpc::Call& call, const v1::DryRunRoutingRulesRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const auto city, KnownCity());
  const int count = request.has_count() ? request.count() : kMostAppeals;
  if (count < 1 || count > kMostAppeals) {
    violations.Add("count",
                   {"OUT_OF_RANGE", {{"least", "1"}, {"most", absl::StrCat(kMostAppeals)}}});
  }
  std::vector<RoutingRule> rules = RulesFromWire(request.rules(), violations);
  CheckRules(rules, *city, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto in_force, parts_.book.Get());
  ASSIGN_OR_RETURN(const std::vector<Appeal> appeals, parts_.appeals.ListNewest(count));
  const RuleSet tried(std::move(rules));
  DryRun run(*in_force, tried, *city, parts_.zone);
  for (const Appeal& appeal : appeals) {
    if (call.cancelled()) return absl::DeadlineExceededError("The caller waits no longer.");
    run.Look(appeal);
  }
  return run.Result();
}

}  // namespace veche::appeals
