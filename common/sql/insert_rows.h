#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::sql {

// Runs "<insert> VALUES ($1, …), (…) <tail>" over all rows with few statements. Each row has
// `columns` values.
absl::Status InsertRows(Transaction& transaction, absl::string_view insert, size_t columns,
                        std::vector<Value> values, absl::string_view tail = "");
// The same; returns how many rows were inserted.
absl::StatusOr<int64_t> InsertRowsCounted(Transaction& transaction, absl::string_view insert,
                                          size_t columns, absl::Span<const Value> values,
                                          absl::string_view tail = "");

}  // namespace veche::sql
