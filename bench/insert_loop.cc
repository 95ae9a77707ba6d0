// The lowest possible cost of a durable submission: copies the rows of one submission (appeal,
// timeline entry, event) into the same tables with the same indexes. One thread, group commits of
// 64, WAL, synchronous=FULL. insert_loop FILE SECONDS: FILE is an appeals.db with one submitted
// appeal; prints submissions a second.

#include <sqlite3.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int kGroup = 64;

void Check(sqlite3* db, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::cerr << sqlite3_errmsg(db) << std::endl;
  std::exit(1);
}

void Run(sqlite3* db, const char* sql) {
  Check(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* Prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  Check(db, sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr));
  return statement;
}

// Inserts copies of a table's newest row with some columns replaced.
class Copier {
 public:
  Copier(sqlite3* db, const std::string& table) : db_(db) {
    sqlite3_stmt* row = Prepare(db, "SELECT * FROM " + table + " ORDER BY rowid DESC LIMIT 1");
    Check(db, sqlite3_step(row));
    std::string names, marks;
    for (int i = 0; i < sqlite3_column_count(row); ++i) {
      const std::string name = sqlite3_column_name(row, i);
      names += (i == 0 ? "" : ", ") + name;
      marks += i == 0 ? "?" : ", ?";
      columns_.push_back(name);
    }
    insert_ = Prepare(db, "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")");
    for (int i = 0; i < sqlite3_column_count(row); ++i) {
      Check(db, sqlite3_bind_value(insert_, i + 1, sqlite3_column_value(row, i)));
    }
    sqlite3_finalize(row);
  }

  int Position(const std::string& column) const {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == column) return static_cast<int>(i) + 1;
    }
    std::cerr << "no column " << column << std::endl;
    std::exit(1);
  }
  void Set(int position, long value) { sqlite3_bind_int64(insert_, position, value); }
  void Set(int position, const std::string& value) {
    sqlite3_bind_text(insert_, position, value.data(), static_cast<int>(value.size()),
                      SQLITE_TRANSIENT);
  }
  void SetNull(int position) { sqlite3_bind_null(insert_, position); }
  void Insert() {
    Check(db_, sqlite3_step(insert_));
    sqlite3_reset(insert_);
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* insert_ = nullptr;
  std::vector<std::string> columns_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sqlite3* db = nullptr;
  Check(db, sqlite3_open(argv[1], &db));
  Run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536");
  Copier appeal(db, "appeals"), entry(db, "timeline"), event(db, "events");
  const int ord = appeal.Position("ord"), id = appeal.Position("id"),
            number = appeal.Position("number");
  const int of = entry.Position("appeal"), seq = event.Position("seq"),
            event_id = event.Position("id");
  const long first = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  const int seconds = std::atoi(argv[2]);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  long rows = 0;
  while (std::chrono::steady_clock::now() < end) {
    Run(db, "BEGIN IMMEDIATE");
    for (int i = 0; i < kGroup; ++i, ++rows) {
      const std::string key = "bench-" + std::to_string(first + rows);
      appeal.Set(ord, (first + rows) << 11);
      appeal.Set(id, key);
      appeal.Set(number, key);
      appeal.Insert();
      entry.Set(of, (first + rows) << 11);
      entry.Insert();
      event.SetNull(seq);
      event.Set(event_id, key);
      event.Insert();
    }
    Run(db, "COMMIT");
  }
  std::cout << rows / seconds << std::endl;
}
