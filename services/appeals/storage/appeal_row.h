#pragma once

#include <string>
#include <vector>

#include "common/sql/columns.h"
#include "common/sql/value.h"
#include "services/appeals/domain/appeal.h"

// Appeals as rows of the table `appeals`. For storage/ alone.

namespace veche::appeals {

// The due_order of an appeal without a due time: it sorts after all that have one.
inline constexpr int64_t kNoDueOrder = INT64_MAX;

// "ord, id, …", in the order of AppealValues. The first is the key: TimeKey of the id.
const std::string& AppealColumnList();
// "SELECT a.ord, a.id, …", of `appeals a`.
const std::string& AppealSelect();
// "INSERT INTO appeals (…) VALUES ($1, …)"
const std::string& AppealInsert();

std::vector<sql::Value> AppealValues(const Appeal& appeal);
// The columns in which two states of an appeal differ, with the values of `after`.
std::vector<sql::ColumnValue> ChangedColumns(const Appeal& before, const Appeal& after);
// Reads the columns of AppealColumnList. The result has the right number of attachments, all of
// them empty, because attachments are rows of their own.
Appeal ReadAppeal(const sql::Row& row);

}  // namespace veche::appeals
