#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/appeals/routing/rule.h"

namespace veche::appeals {

// All rules of one version.
struct StoredRules {
  int64_t version = 0;  // 0: none were ever saved
  std::vector<RoutingRule> rules;
  std::string updater;  // "staff/{id}"
  absl::Time updated = absl::UnixEpoch();
};

// Keeps every version of the rules. A method with a transaction argument runs in this transaction;
// a method without one is a whole transaction by itself. All other errors are the database's.
// Thread-safe.
class RuleStore {
 public:
  // `database` has Migrations() and must outlive this.
  explicit RuleStore(sql::Database& database) : database_(database) {}

  // 0 before any were saved.
  absl::StatusOr<int64_t> NewestVersion();
  absl::StatusOr<int64_t> NewestVersion(sql::Transaction& transaction);
  // 0 for the newest. NotFound (ROUTING_RULES_NOT_FOUND) when there is no such version.
  absl::StatusOr<StoredRules> Get(int64_t version);
  // AlreadyExists when another administrator has just saved this version.
  absl::Status Put(sql::Transaction& transaction, const StoredRules& rules);

 private:
  sql::Database& database_;
};

}  // namespace veche::appeals
