#include "services/classification/sql_store.h"

#include <vector>

#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::classification {

absl::Status SqlStore::PutCorrection(sql::Transaction& transaction, const Correction& correction) {
  return transaction
      .Execute(
          "INSERT INTO corrections (appeal, category, staff, create_time) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (appeal) DO UPDATE SET category = excluded.category, "
          "staff = excluded.staff, create_time = excluded.create_time",
          correction.appeal, correction.category, correction.staff,
          ToMicros(correction.create_time))
      .status();
}

absl::StatusOr<std::optional<Correction>> SqlStore::FindCorrection(sql::Transaction& transaction,
                                                                   absl::string_view appeal) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(
          "SELECT appeal, category, staff, create_time FROM corrections WHERE appeal = $1",
          appeal));
  if (rows.empty()) return std::nullopt;
  return Correction{.appeal = rows[0].Text(0),
                    .category = rows[0].Text(1),
                    .staff = rows[0].Text(2),
                    .create_time = FromMicros(rows[0].Int(3))};
}

}  // namespace veche::classification
