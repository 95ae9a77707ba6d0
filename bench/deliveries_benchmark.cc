// Deliveries written a second, and the same rows by a bare batched insert in the same run, batch by
// batch in turns. deliveries_benchmark MIGRATION sqlite FILE | postgres CONNECTION; prints both
// rates.

#include <libpq-fe.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/sql/database.h"
#include "services/notifications/storage/delivery_store.h"

namespace veche::notifications {
namespace {

using Rows = std::vector<NewDelivery>;

constexpr int kBatch = 5000;
constexpr int kBatches = 40;
constexpr char kColumns[] =
    "id, subscriber, channel, endpoint, post, severity, due_time, create_time";

void Check(bool ok, absl::string_view what) {
  if (ok) return;
  std::cerr << what << std::endl;
  std::exit(1);
}

// A page of a fan-out: subscribers in the order of their ids.
Rows MakeRows(IdSource& ids, int64_t post) {
  Rows rows;
  const absl::Time now = absl::Now();
  for (int i = 0; i < kBatch; ++i) {
    rows.push_back({.id = ids.New(),
                    .subscriber = absl::StrCat("residents/", ids.New()),
                    .endpoint = ids.New(),
                    .post = post,
                    .due_time = now});
  }
  return rows;
}

// Inserts with the engine's own library.
using Bare = std::function<void(const Rows&)>;

Bare BareSqlite(sqlite3* db) {
  sqlite3_stmt* insert = nullptr;
  sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536",
               nullptr, nullptr, nullptr);
  sqlite3_prepare_v2(
      db,
      absl::StrCat("INSERT INTO deliveries (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
          .c_str(),
      -1, &insert, nullptr);
  return [db, insert](const Rows& rows) {
    const auto text = [insert](int place, const std::string& value) {
      sqlite3_bind_text(insert, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    };
    sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    for (const NewDelivery& row : rows) {
      text(1, row.id);
      text(2, row.subscriber);
      sqlite3_bind_int64(insert, 3, static_cast<int>(row.channel));
      text(4, row.endpoint);
      sqlite3_bind_int64(insert, 5, *row.post);
      sqlite3_bind_int64(insert, 6, static_cast<int>(row.severity));
      sqlite3_bind_int64(insert, 7, ToMicros(row.due_time));
      sqlite3_bind_int64(insert, 8, ToMicros(row.due_time));
      Check(sqlite3_step(insert) == SQLITE_DONE, sqlite3_errmsg(db));
      sqlite3_reset(insert);
    }
    Check(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
  };
}

Bare BarePostgres(PGconn* connection) {
  return [connection](const Rows& rows) {
    const auto array = [&rows](const std::function<std::string(const NewDelivery&)>& value) {
      std::string text = "{";
      for (const NewDelivery& row : rows)
        absl::StrAppend(&text, text.size() > 1 ? "," : "", value(row));
      return text + "}";
    };
    const auto micros = [](const NewDelivery& row) { return absl::StrCat(ToMicros(row.due_time)); };
    const std::string arrays[] = {
        array([](const NewDelivery& row) { return row.id; }),
        array([](const NewDelivery& row) { return row.subscriber; }),
        array([](const NewDelivery& row) { return absl::StrCat(static_cast<int>(row.channel)); }),
        array([](const NewDelivery& row) { return row.endpoint; }),
        array([](const NewDelivery& row) { return absl::StrCat(*row.post); }),
        array([](const NewDelivery& row) { return absl::StrCat(static_cast<int>(row.severity)); }),
        array(micros),
        array(micros)};
    const char* values[std::size(arrays)];
    for (size_t i = 0; i < std::size(arrays); ++i) values[i] = arrays[i].c_str();
    PGresult* result = PQexecParams(
        connection,
        absl::StrCat("INSERT INTO deliveries (", kColumns,
                     ") SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], "
                     "$5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])")
            .c_str(),
        std::size(arrays), nullptr, values, nullptr, nullptr, 0);
    Check(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
    PQclear(result);
  };
}

template <typename Body>
double Seconds(Body body) {
  const auto begin = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Run(sql::Database& database, const Bare& bare) {
  const SystemClock clock;
  UlidSource ids(clock);
  DeliveryStore store;
  double own = 0, other = 0;
  for (int64_t i = 0; i < kBatches; ++i) {
    const Rows first = MakeRows(ids, 2 * i), second = MakeRows(ids, 2 * i + 1);
    own += Seconds([&] {
      const absl::Status status = database.Write([&](sql::Transaction& transaction) {
        return store.AddBatch(transaction, first, absl::Now()).status();
      });
      Check(status.ok(), status.ToString());
    });
    other += Seconds([&] { bare(second); });
  }
  constexpr double kRows = double{kBatch} * kBatches;
  std::printf("%.0f %.0f\n", kRows / own, kRows / other);
}

}  // namespace
}  // namespace veche::notifications

int main(int argc, char** argv) {
  using namespace veche;                 // NOLINT
  using namespace veche::notifications;  // NOLINT
  if (argc != 4) return 2;
  std::ifstream file(argv[1]);
  const std::string migration{std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>()};
  const bool sqlite = absl::string_view(argv[2]) == "sqlite";
  auto database = sqlite ? sql::OpenSqlite({.path = argv[3]})
                         : sql::OpenPostgres({.connection = argv[3], .schema = "bench"});
  Check(database.ok(), database.status().ToString());
  const absl::Status made = (*database)->Write(
      [&](sql::Transaction& transaction) { return transaction.ExecuteScript(migration); });
  Check(made.ok(), made.ToString());
  if (sqlite) {
    sqlite3* db = nullptr;
    Check(sqlite3_open(argv[3], &db) == SQLITE_OK, "cannot open the file");
    Run(**database, BareSqlite(db));
  } else {
    PGconn* connection = PQconnectdb(argv[3]);
    Check(PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    PQclear(PQexec(connection, "SET search_path = bench"));
    Run(**database, BarePostgres(connection));
  }
}
