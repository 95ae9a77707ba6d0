#include "tests/anonymity/adversary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/sql/database.h"
#include "common/testing/status_matchers.h"

namespace veche::testing {
namespace {

using Rows = std::vector<sql::Row>;

Rows Query(sql::Transaction& transaction, const std::string& statement) {
  auto rows = transaction.Query(statement);
  EXPECT_OK(rows) << statement;
  return rows.ok() ? *std::move(rows) : Rows();
}

std::vector<std::string> Names(const Rows& rows) {
  std::vector<std::string> names;
  for (const sql::Row& row : rows) names.push_back(row.Text(0));
  return names;
}

Reading ReadRows(const Rows& rows, const Traces& residents, const Traces& ballots) {
  Reading reading;
  for (const sql::Row& row : rows) {
    int resident = -1, ballot = -1;
    for (size_t column = 0; column < row.size(); ++column) {
      if (row.IsNull(column)) continue;
      const std::string& bytes = row.Bytes(column);
      if (const auto found = residents.find(bytes); found != residents.end()) {
        resident = found->second;
      }
      if (const auto found = ballots.find(bytes); found != ballots.end()) ballot = found->second;
    }
    if (resident >= 0) reading.residents.push_back(resident);
    if (ballot >= 0) reading.ballots.push_back(ballot);
    reading.linked = reading.linked || (resident >= 0 && ballot >= 0);
  }
  return reading;
}

}  // namespace

std::vector<Reading> ReadAll(const std::filesystem::path& file, const Traces& residents,
                             const Traces& ballots) {
  std::vector<Reading> readings;
  const auto database = sql::OpenSqlite({.path = file.string()});
  EXPECT_OK(database);
  if (!database.ok()) return readings;
  EXPECT_OK((*database)->Read([&](sql::Transaction& transaction) -> absl::Status {
    const auto tables =
        Names(Query(transaction, "SELECT name FROM sqlite_master WHERE type = 'table'"));
    for (const std::string& table : tables) {
      const std::vector<std::string> columns = Names(
          Query(transaction, absl::StrCat("SELECT name FROM pragma_table_info('", table, "')")));
      const std::string select =
          absl::StrCat("SELECT ",
                       absl::StrJoin(columns, ", ",
                                     [](std::string* out, const std::string& column) {
                                       absl::StrAppend(out, "CAST(\"", column, "\" AS BLOB)");
                                     }),
                       " FROM \"", table, "\"");
      const std::string name = absl::StrCat(file.filename().string(), ": ", table);
      const auto read = [&](const std::string& order, const std::string& statement) {
        readings.push_back(ReadRows(Query(transaction, statement), residents, ballots));
        readings.back().order = absl::StrCat(name, order);
      };
      read("", select);
      for (const std::string& column : columns) {
        read(absl::StrCat(" by ", column), absl::StrCat(select, " ORDER BY \"", column, "\""));
      }
    }
    return absl::OkStatus();
  }));
  return readings;
}

int RightPairs(const std::vector<int>& order) {
  std::vector<int> came = order;
  std::sort(came.begin(), came.end());
  int right = 0;
  for (size_t i = 0; i < order.size(); ++i) right += order[i] == came[i] ? 1 : 0;
  return right;
}

double MostByChance(size_t voters, size_t group) {
  const double groups = std::max(1.0, static_cast<double>(voters) / static_cast<double>(group));
  return groups + 4.5 * std::sqrt(groups) + 3;
}

}  // namespace veche::testing
