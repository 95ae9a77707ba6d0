#pragma once

#include <prometheus/registry.h>

#include <memory>

#include "absl/strings/string_view.h"
#include "common/sql/database.h"

namespace veche::rpc {

// `database` with veche_sql_seconds{service, kind="read"|"write"} around each transaction,
// including the time in the queue and the commit. `registry` must outlive the result. Private to
// rpc.
std::unique_ptr<sql::Database> Measured(std::unique_ptr<sql::Database> database,
                                        absl::string_view service, prometheus::Registry& registry);

}  // namespace veche::rpc
