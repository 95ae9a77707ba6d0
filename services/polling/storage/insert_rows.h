#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::polling {

// Runs "<insert> VALUES ($1, …), (…) <tail>" over all rows with few statements. Each row has
// `columns` values.
absl::Status InsertRows(sql::Transaction& transaction, absl::string_view insert, size_t columns,
                        std::vector<sql::Value> values, absl::string_view tail = "");

}  // namespace veche::polling
