#include "services/appeals/storage/rule_store.h"

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/storage/rule_wire.h"

namespace veche::appeals {
namespace {

std::string ToJson(const std::vector<RoutingRule>& rules) {
  v1::RoutingRuleSet set;
  for (const RoutingRule& rule : rules) *set.add_rules() = RuleToWire(rule);
  std::string json;
  // The texts were checked to be UTF-8, so this cannot fail.
  (void)google::protobuf::util::MessageToJsonString(set, &json);
  return json;
}

absl::StatusOr<std::vector<RoutingRule>> FromJson(const std::string& json) {
  v1::RoutingRuleSet set;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // written by a newer release, which runs beside this one
  if (!google::protobuf::util::JsonStringToMessage(json, &set, options).ok()) {
    return absl::DataLossError("the stored rules of routing cannot be read");
  }
  Violations ignored;
  return RulesFromWire(set.rules(), ignored);
}

}  // namespace

absl::StatusOr<int64_t> RuleStore::NewestVersion(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT version FROM routing_rules "
                                                "ORDER BY version DESC LIMIT 1"));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::StatusOr<int64_t> RuleStore::NewestVersion() {
  int64_t version = 0;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(version, NewestVersion(transaction));
    return absl::OkStatus();
  }));
  return version;
}

absl::StatusOr<StoredRules> RuleStore::Get(int64_t version) {
  StoredRules stored;
  std::string json;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    const int64_t wanted = version == 0 ? INT64_MAX : version;
    ASSIGN_OR_RETURN(auto rows,
                     transaction.Query("SELECT version, content, updater, updated_at FROM "
                                       "routing_rules WHERE version <= $1 "
                                       "ORDER BY version DESC LIMIT 1",
                                       wanted));
    json.clear();
    if (rows.empty()) return absl::OkStatus();
    stored.version = rows[0].Int(0);
    json = rows[0].Text(1);
    stored.updater = rows[0].Text(2);
    stored.updated = FromMicros(rows[0].Int(3));
    return absl::OkStatus();
  }));
  if (version != 0 && stored.version != version) return RoutingRulesNotFound(version);
  if (json.empty()) return stored;
  ASSIGN_OR_RETURN(stored.rules, FromJson(json));
  return stored;
}

absl::Status RuleStore::Put(sql::Transaction& transaction, const StoredRules& rules) {
  return transaction
      .Execute(
          "INSERT INTO routing_rules (version, content, updater, updated_at) "
          "VALUES ($1, $2, $3, $4)",
          rules.version, ToJson(rules.rules), rules.updater, ToMicros(rules.updated))
      .status();
}

}  // namespace veche::appeals
