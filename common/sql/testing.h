#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace veche::sql::testing {

// An engine that store tests run against: TEST_P over Engines().
struct TestEngine {
  std::string name;  // "Sqlite", "Postgres"
  // A new, empty database.
  std::function<std::unique_ptr<Database>()> open;

  friend void PrintTo(const TestEngine& engine, std::ostream* out) { *out << engine.name; }
};

// SQLite and PostgreSQL. PostgreSQL is a private cluster that the first call starts on a Unix
// socket or free port in a temporary folder and that ends with the process; where the cluster
// cannot be started and VECHE_TEST_POSTGRES (a connection string) is not set, `open` returns null
// and the test must GTEST_SKIP, visibly.
std::vector<TestEngine> Engines();

// A new SQLite database in memory: the fake of every store.
std::unique_ptr<Database> OpenInMemory();

}  // namespace veche::sql::testing
