#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/appeal_row.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/places.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// Lists of appeals. One filter drives: its index gives the rows in the wanted order. The other
// filters are weak: they are checked row by row, for a bounded number of rows a page.

namespace veche::appeals {
namespace {

// The most windows that one page searches before it is returned short.
constexpr int kWindows = 2;
constexpr size_t kChunk = 64;

// The range of keys that a list may still show, both ends included.
struct KeyRange {
  int64_t low = 1;
  int64_t high = INT64_MAX;
};

KeyRange RangeOf(const ListFilter& filter, std::optional<int64_t> from) {
  KeyRange range;
  if (filter.created_from) range.low = FirstTimeKeyAt(*filter.created_from);
  if (filter.created_before) range.high = FirstTimeKeyAt(*filter.created_before) - 1;
  if (from && filter.oldest_first) range.low = std::max(range.low, *from + 1);
  if (from && !filter.oldest_first) range.high = std::min(range.high, *from - 1);
  return range;
}

// The index that drives a list.
struct Driver {
  std::string from = "appeals a";
  std::string probe = "appeals a";  // the table or index that has the keys
  std::string key = "a.ord";
  std::string column;  // the column that must have one value; "" for the newest of all
  sql::Value value;
  bool by_term = false;
  bool covers_box = false;
};

// Chooses the driving filter, the most selective kind first.
Driver ChooseDriver(const ListFilter& filter, absl::Span<const int64_t> terms) {
  Driver driver;
  auto by = [&](absl::string_view column, sql::Value value) {
    driver.column = std::string(column);
    driver.value = std::move(value);
  };
  if (!terms.empty()) {
    driver.from = "search_terms s CROSS JOIN appeals a";
    driver.probe = "search_terms s";
    driver.key = "s.ord";
    driver.by_term = true;
    by("s.term", terms[0]);
  } else if (!filter.author.empty()) {
    by("a.author", filter.author);
  } else if (!filter.category.empty()) {
    by("a.category", filter.category);
  } else if (!filter.department.empty()) {
    by("a.department", filter.department);
  } else if (!filter.district.empty()) {
    by("a.district", filter.district);
  } else if (filter.state) {
    by("a.state", static_cast<int>(*filter.state));
  } else if (filter.kind) {
    by("a.kind", static_cast<int>(*filter.kind));
  } else {
    driver.covers_box = true;
  }
  return driver;
}

void AddDriver(Statement& statement, const ListFilter& filter, const Driver& driver,
               const KeyRange& range, bool probe) {
  statement.And(driver.key, ">=", range.low).And(driver.key, "<=", range.high);
  if (!driver.column.empty()) statement.And(driver.column, "=", driver.value);
  if (driver.by_term && !probe) statement.And("a.ord = s.ord");
  if (filter.author.empty() && !(driver.by_term && probe)) statement.And("a.visibility = 1");
}

// Adds the conditions that the driver does not cover; returns the number of these filters. `+ 0`
// and `|| ''` keep planners from choosing these columns' indexes. One CASE keeps SQLite's planner
// from guessing that many conditions leave few rows, which it would then sort.
int AddWeak(Statement& statement, const ListFilter& filter, const Driver& driver,
            absl::Span<const int64_t> terms) {
  int count = 0;
  for (size_t i = 1; i < terms.size(); ++i, ++count) {
    statement.And(absl::StrCat("EXISTS (SELECT 1 FROM search_terms t WHERE t.term = ",
                               statement.Bind(terms[i]), " AND t.ord = ", driver.key, ")"));
  }
  std::vector<std::string> weak;
  auto text = [&](absl::string_view column, const std::string& value) {
    if (value.empty() || driver.column == column) return;
    weak.push_back(absl::StrCat("(", column, " || '') = ", statement.Bind(value)));
  };
  auto number = [&](absl::string_view column, int value) {
    if (driver.column == column) return;
    weak.push_back(absl::StrCat("(", column, " + 0) = ", statement.Bind(value)));
  };
  text("a.author", filter.author);
  text("a.category", filter.category);
  text("a.department", filter.department);
  text("a.district", filter.district);
  if (filter.state) number("a.state", static_cast<int>(*filter.state));
  if (filter.kind) number("a.kind", static_cast<int>(*filter.kind));
  if (filter.box) weak.push_back(InBox(statement, *filter.box));
  if (!weak.empty()) {
    statement.And(
        absl::StrCat("CASE WHEN ", absl::StrJoin(weak, " AND "), " THEN 1 ELSE 0 END = 1"));
  }
  return count + static_cast<int>(weak.size());
}

// The term that the fewest appeals have goes first, because it drives.
absl::StatusOr<std::vector<int64_t>> RarestFirst(sql::Transaction& transaction,
                                                 const std::vector<std::string>& terms, int cap) {
  std::vector<std::pair<int64_t, int64_t>> counted;  // count (no more than cap), term
  for (const std::string& term : terms) {
    const int64_t key = TermKey(term);
    int64_t count = 0;
    if (terms.size() > 1) {
      ASSIGN_OR_RETURN(auto rows,
                       transaction.Query("SELECT COUNT(*) FROM (SELECT 1 FROM search_terms WHERE "
                                         "term = $1 LIMIT $2) AS few",
                                         key, cap));
      count = rows[0].Int(0);
    }
    counted.emplace_back(count, key);
  }
  std::sort(counted.begin(), counted.end());
  std::vector<int64_t> keys;
  for (const auto& [count, key] : counted) keys.push_back(key);
  return keys;
}

// The keys inside a small box, in the list's order; nothing when there are more than `cap`.
absl::StatusOr<std::optional<std::vector<int64_t>>> KeysInBox(sql::Transaction& transaction,
                                                              const ListFilter& filter,
                                                              const KeyRange& range, int cap) {
  std::vector<int64_t> keys;
  for (const PlacePart& part : PartsOf(*filter.box)) {
    Statement statement("SELECT a.ord FROM appeals a");
    statement.And("a.visibility = 1");
    AddPart(statement, part);
    statement.Append(absl::StrCat(" LIMIT ", statement.Bind(cap + 1 - std::ssize(keys))));
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) keys.push_back(row.Int(0));
    if (static_cast<int>(keys.size()) > cap) return std::nullopt;
  }
  std::erase_if(keys, [&](int64_t key) { return key < range.low || key > range.high; });
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (!filter.oldest_first) std::reverse(keys.begin(), keys.end());
  return keys;
}

// Reads appeals of `keys` that pass every filter, in the order of the keys, up to `limit`.
absl::Status ReadKeys(sql::Transaction& transaction, const ListFilter& filter,
                      absl::Span<const int64_t> keys, size_t limit, ListPage& page) {
  for (; !keys.empty() && page.appeals.size() <= limit;
       keys.remove_prefix(std::min(kChunk, keys.size()))) {
    std::vector<sql::Value> chunk;
    for (int64_t key : keys.subspan(0, kChunk)) chunk.emplace_back(key);
    Statement statement(absl::StrCat(AppealSelect(), " FROM appeals a"));
    statement.AndIn("a.ord", PadToPowerOfTwo(std::move(chunk)));
    statement.And("a.visibility = 1");
    AddWeak(statement, filter, Driver{}, {});
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    const size_t begin = page.appeals.size();
    for (const sql::Row& row : rows) page.appeals.push_back(ReadAppeal(row));
    std::sort(page.appeals.begin() + begin, page.appeals.end(),
              [&](const Appeal& a, const Appeal& b) {
                return filter.oldest_first ? TimeKey(a.id) < TimeKey(b.id)
                                           : TimeKey(b.id) < TimeKey(a.id);
              });
  }
  return absl::OkStatus();
}

void CutPage(ListPage& page, size_t limit) {
  if (page.appeals.size() <= limit) return;
  page.appeals.resize(limit);
  page.next = TimeKey(page.appeals.back().id);
}

// One window along the driver. Moves `range` past the examined rows; false when none are left.
absl::StatusOr<bool> ReadWindow(sql::Transaction& transaction, const ListFilter& filter,
                                const Driver& driver, absl::Span<const int64_t> terms,
                                const ScanLimits& limits, size_t limit, KeyRange& range,
                                ListPage& page) {
  const std::string order =
      absl::StrCat(" ORDER BY ", driver.key, filter.oldest_first ? " ASC" : " DESC");
  Statement weak("");
  KeyRange window = range;
  bool bounded = false;
  if (const int filters = AddWeak(weak, filter, driver, terms); filters > 0) {
    const bool box_alone = driver.covers_box && filter.box && filters == 1;
    Statement probe(absl::StrCat("SELECT ", driver.key, " FROM ", driver.probe));
    AddDriver(probe, filter, driver, range, true);
    probe.Append(absl::StrCat(order, " LIMIT 1 OFFSET ",
                              probe.Bind(box_alone ? limits.covered : limits.rows)));
    ASSIGN_OR_RETURN(auto rows, probe.Query(transaction));
    bounded = !rows.empty();
    if (bounded) (filter.oldest_first ? window.high : window.low) = rows[0].Int(0);
  }
  Statement statement(absl::StrCat(AppealSelect(), " FROM ", driver.from));
  AddDriver(statement, filter, driver, window, false);
  AddWeak(statement, filter, driver, terms);
  statement.Append(absl::StrCat(order, " LIMIT ", statement.Bind(limit + 1 - page.appeals.size())));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  for (const sql::Row& row : rows) page.appeals.push_back(ReadAppeal(row));
  if (bounded && filter.oldest_first) range.low = window.high + 1;
  if (bounded && !filter.oldest_first) range.high = window.low - 1;
  return bounded;
}

}  // namespace

absl::StatusOr<ListPage> Store::List(const ListFilter& filter, std::optional<int64_t> from,
                                     int limit) {
  ListPage page;
  const size_t size = static_cast<size_t>(limit);
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    page = {};
    KeyRange range = RangeOf(filter, from);
    if (filter.box && filter.author.empty() && filter.terms.empty()) {
      ASSIGN_OR_RETURN(auto keys, KeysInBox(transaction, filter, range, limits_.cells));
      if (keys) {
        RETURN_IF_ERROR(ReadKeys(transaction, filter, *keys, size, page));
        CutPage(page, size);
        return FillAttachments(transaction, absl::MakeSpan(page.appeals));
      }
    }
    ASSIGN_OR_RETURN(auto terms, RarestFirst(transaction, filter.terms, limits_.rows));
    const Driver driver = ChooseDriver(filter, terms);
    bool more = true;
    for (int i = 0; i < kWindows && more && page.appeals.size() <= size; ++i) {
      ASSIGN_OR_RETURN(more,
                       ReadWindow(transaction, filter, driver, terms, limits_, size, range, page));
    }
    if (more) page.next = filter.oldest_first ? range.low - 1 : range.high + 1;
    CutPage(page, size);
    return FillAttachments(transaction, absl::MakeSpan(page.appeals));
  }));
  return page;
}

absl::StatusOr<std::vector<Appeal>> Store::Near(const geo::LatLng& center, double radius_meters,
                                                int limit) {
  std::vector<std::pair<double, Appeal>> found;
  absl::flat_hash_set<int64_t> seen;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    found.clear();
    seen.clear();
    for (const PlacePart& part : PartsAround(center, radius_meters)) {
      Statement statement(absl::StrCat(AppealSelect(), " FROM appeals a"));
      statement.And("a.visibility = 1").And("(a.state + 0) <= 5");
      AddPart(statement, part);
      statement.Append(absl::StrCat(" LIMIT ", statement.Bind(limit)));
      ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
      for (const sql::Row& row : rows) {
        Appeal appeal = ReadAppeal(row);
        const double distance = geo::DistanceMeters(center, *appeal.location);
        if (!seen.insert(TimeKey(appeal.id)).second) continue;
        if (distance <= radius_meters) found.emplace_back(distance, std::move(appeal));
      }
    }
    return absl::OkStatus();
  }));
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  if (found.size() > static_cast<size_t>(limit)) found.resize(limit);
  std::vector<Appeal> appeals;
  for (auto& [distance, appeal] : found) {
    appeal.attachments.clear();
    appeals.push_back(std::move(appeal));
  }
  return appeals;
}

absl::StatusOr<int64_t> Store::CountSimilar(absl::string_view id, absl::string_view category,
                                            const geo::LatLng& center, absl::Time since) {
  int64_t count = 0;
  absl::flat_hash_set<int64_t> seen;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    count = 0;
    seen.clear();
    int left = kMostSimilar;
    for (const PlacePart& part : PartsAround(center, kSimilarRadiusMeters)) {
      // The conditions on the state are those of its index.
      Statement statement("SELECT a.ord, a.latitude, a.longitude FROM appeals a");
      statement.And("a.state >= 2 AND a.state <= 5");
      const bool by_cells = std::holds_alternative<geo::CellRange>(part);
      statement.And(by_cells ? "a.category" : "(a.category || '')", "=", category);
      AddPart(statement, part);
      statement.Append(absl::StrCat(" LIMIT ", statement.Bind(left)));
      ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
      for (const sql::Row& row : rows) {
        if (!seen.insert(row.Int(0)).second) continue;
        const geo::LatLng point{row.Double(1), row.Double(2)};
        count += row.Int(0) != TimeKey(id) && row.Int(0) >= FirstTimeKeyAt(since) &&
                 geo::DistanceMeters(center, point) <= kSimilarRadiusMeters;
      }
      left -= static_cast<int>(rows.size());
      if (left <= 0) break;
    }
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace veche::appeals
