// Time to read a page of the feed of a resident who follows ten topics in three districts, over
// 1,000,000 alerts in SQLite.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/sql/database.h"
#include "common/sql/insert_rows.h"
#include "services/notifications/inbox/feed_reader.h"
#include "services/notifications/storage/migrations.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {
namespace {

using Timer = std::chrono::steady_clock;

constexpr int kAlerts = 1'000'000;
constexpr int kAtOnce = 10'000;
constexpr int kTopics = 16;
constexpr int kDistricts = 100;
constexpr int kPages = 1000;

// The rows of one table that are not written yet.
struct Rows {
  std::string insert;
  size_t columns;
  std::vector<sql::Value> values;

  absl::Status Write(sql::Transaction& transaction) {
    return sql::InsertRows(transaction, insert, columns, std::move(values));
  }
};

// Published alerts, each for one or two districts; every twentieth for the whole city.
absl::Status AddAlerts(sql::Database& database) {
  std::mt19937 random(3);
  v1::Alert content;
  (*content.mutable_titles())["ru"] = "Отключение воды на улице Баумана с 10 до 18 часов";
  const sql::Value bytes = sql::Blob{content.SerializeAsString()};
  for (int first = 1; first <= kAlerts; first += kAtOnce) {
    Rows alerts{
        "INSERT INTO alerts (id, seq, state, topic, severity, districts, content, "
        "supersedes, superseded_by, revision, author, editor, comment, cancel_reason, "
        "source, create_time, update_time, version)",
        18};
    Rows posts{
        "INSERT INTO alert_posts (seq, alert, revision, type, severity, topic, districts, "
        "create_time)",
        8};
    Rows revisions{
        "INSERT INTO alert_revisions (alert, revision, content, cancel_reason, "
        "refers_to, create_time)",
        6};
    Rows targets{"INSERT INTO alert_targets (topic, district, seq)", 3};
    for (int seq = first; seq < first + kAtOnce; ++seq) {
      const std::string id = absl::StrCat("alert", seq);
      const std::string topic = absl::StrCat("topics/t", random() % kTopics);
      std::vector<std::string> districts;
      if (seq % 20 != 0) {
        const int district = random() % (kDistricts - 1);
        districts = {absl::StrCat("districts/d", district)};
        if (seq % 2 == 0) districts.push_back(absl::StrCat("districts/d", district + 1));
      }
      const std::string names = absl::StrJoin(districts, " ");
      const int64_t time = 1'790'000'000'000'000 + seq;
      alerts.values.insert(alerts.values.end(), {id, seq, 4, topic, 1, names, bytes, "", "", 1, "",
                                                 "", "", "", "", time, time, 1});
      posts.values.insert(posts.values.end(),
                          {seq, id, 1, "veche.alerts.published", 1, topic, names, time});
      revisions.values.insert(revisions.values.end(), {id, 1, bytes, "", "", time});
      if (districts.empty()) districts = {"*"};
      for (const std::string& district : districts) {
        targets.values.insert(targets.values.end(), {topic, district, seq});
      }
    }
    RETURN_IF_ERROR(database.Write([&](sql::Transaction& transaction) -> absl::Status {
      for (const Rows* rows : {&alerts, &posts, &revisions, &targets}) {
        RETURN_IF_ERROR(Rows(*rows).Write(transaction));
      }
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

// Reads pages of 20 from random places, and the unread count with each.
absl::Status ReadPages(sql::Database& database) {
  Store notices;
  AlertStore alerts;
  FeedStore feed;
  FeedReader reader(notices, alerts, feed);
  Subscription subscription{.subscriber = "residents/reader"};
  for (int i = 0; i < 10; ++i) subscription.topics.push_back(absl::StrCat("topics/t", i));
  for (const char* district : {"districts/d7", "districts/d50", "districts/d90"}) {
    subscription.districts.push_back(district);
  }
  const absl::Time now = absl::FromUnixMicros(1'790'000'000'000'000 + kAlerts);
  std::mt19937 random(5);
  std::vector<double> times;
  for (int i = 0; i < kPages; ++i) {
    const int64_t before = i % 2 == 0 ? std::numeric_limits<int64_t>::max() : random() % kAlerts;
    const auto begin = Timer::now();
    size_t found = 0;
    RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const auto items,
                       reader.List(transaction, subscription, before, false, 21, now));
      RETURN_IF_ERROR(reader.CountUnread(transaction, subscription, now).status());
      found = items.size();
      return absl::OkStatus();
    }));
    times.push_back(std::chrono::duration<double, std::milli>(Timer::now() - begin).count());
    if (found < 21 && before > kAlerts / 10) return absl::InternalError("a page is too short");
  }
  std::sort(times.begin(), times.end());
  std::printf("%-58s %.2f ms  (bar <= 5 ms)  p50 %.2f ms\n",
              "feed page, 10 topics x 3 districts, 1,000,000 alerts, p99",
              times[times.size() * 99 / 100], times[times.size() / 2]);
  return absl::OkStatus();
}

absl::Status Run(const std::filesystem::path& folder) {
  ASSIGN_OR_RETURN(const auto database, sql::OpenSqlite({.path = folder / "feed.db"}));
  RETURN_IF_ERROR(
      sql::Migrate(*database, {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  RETURN_IF_ERROR(AddAlerts(*database));
  return ReadPages(*database);
}

}  // namespace
}  // namespace veche::notifications

int main() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / absl::StrCat("veche-feed-", getpid());
  std::filesystem::create_directories(folder);
  const absl::Status status = veche::notifications::Run(folder);
  std::filesystem::remove_all(folder);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
