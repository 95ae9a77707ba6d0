#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/sql/value.h"
#include "services/appeals/domain/timeline.h"

// Entries as rows of the table `timeline`. For storage/ alone.

namespace veche::appeals {

// "entry, at, …", as ReadEntry reads them.
const std::string& EntryColumnList();
Entry ReadEntry(const sql::Row& row);

// "INSERT INTO timeline (…) VALUES ($1, …)" with its values, for an entry of the appeal with the id
// `appeal`. REQUIRES: the entry has its id.
const std::string& EntryInsert();
std::vector<sql::Value> EntryValues(absl::string_view appeal, const Entry& entry);

}  // namespace veche::appeals
