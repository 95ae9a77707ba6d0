#include "common/sql/durability.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"

namespace veche::sql {

absl::Status CheckDurability(Database& database,
                             const std::set<std::string, std::less<>>& accepted) {
  if (database.engine() == Engine::kSqlite) return absl::OkStatus();
  std::vector<std::string> off;
  RETURN_IF_ERROR(database.Read([&](Transaction& transaction) -> absl::Status {
    off.clear();
    for (absl::string_view setting : kDurabilitySettings) {
      ASSIGN_OR_RETURN(const std::vector<Row> rows,
                       transaction.Query("SELECT current_setting($1)", setting));
      if (rows.at(0).Text(0) == "off" && !accepted.contains(setting)) off.emplace_back(setting);
    }
    return absl::OkStatus();
  }));
  if (off.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "After a crash PostgreSQL would lack data that was acknowledged, because ",
      absl::StrJoin(off, " and "), off.size() == 1 ? " is" : " are",
      " off. Set it to on (postgresql.conf, or ALTER ROLE … RESET), or accept the loss by "
      "\"storage\": {\"acceptedRisks\": [\"",
      absl::StrJoin(off, "\", \""), "\"]} in the configuration."));
}

}  // namespace veche::sql
