#pragma once

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::sql {

// Settings of PostgreSQL without which a crash of its machine loses what it has acknowledged.
inline constexpr absl::string_view kDurabilitySettings[] = {"fsync", "synchronous_commit",
                                                            "full_page_writes"};

// Checks what the durability of `database` rests on. FailedPrecondition, naming the settings and
// what to do, when one of kDurabilitySettings is off that is not among `accepted`. OK for SQLite,
// which is opened with synchronous=FULL.
absl::Status CheckDurability(Database& database,
                             const std::set<std::string, std::less<>>& accepted);

}  // namespace veche::sql
