#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "services/notifications/storage/alert_store.h"

// The part of AlertStore that deals with topics.

namespace veche::notifications {
namespace {

// The columns of titles follow the order of kLanguages.
constexpr char kColumns[] = "name, position, retired, title_en, title_ru, title_uk, title_tt";
constexpr size_t kFirstTitle = 3;

Topic ReadTopic(const sql::Row& row) {
  Topic topic{.name = row.Text(0), .position = row.Int(1), .retired = row.Bool(2)};
  for (size_t i = 0; i < kLanguages.size(); ++i) {
    const std::string& title = row.Text(kFirstTitle + i);
    if (!title.empty()) topic.titles.emplace(kLanguages[i], title);
  }
  return topic;
}

std::vector<sql::Value> ValuesOf(const Topic& topic) {
  std::vector<sql::Value> values = {topic.name, topic.position, topic.retired};
  for (const absl::string_view language : kLanguages) {
    const auto found = topic.titles.find(language);
    values.emplace_back(found == topic.titles.end() ? "" : found->second);
  }
  return values;
}

}  // namespace

absl::StatusOr<std::vector<Topic>> AlertStore::ListTopics(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", kColumns, " FROM topics ORDER BY position, name")));
  std::vector<Topic> topics;
  for (const sql::Row& row : rows) topics.push_back(ReadTopic(row));
  return topics;
}

absl::StatusOr<std::optional<Topic>> AlertStore::GetTopic(sql::Transaction& transaction,
                                                          absl::string_view name) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", kColumns, " FROM topics WHERE name = $1"), name));
  if (rows.empty()) return std::nullopt;
  return ReadTopic(rows[0]);
}

absl::StatusOr<bool> AlertStore::AddTopic(sql::Transaction& transaction, const Topic& topic) {
  ASSIGN_OR_RETURN(const int64_t added,
                   transaction.ExecuteWith(absl::StrCat("INSERT INTO topics (", kColumns,
                                                        ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                                                        "ON CONFLICT (name) DO NOTHING"),
                                           ValuesOf(topic)));
  return added > 0;
}

absl::Status AlertStore::UpdateTopic(sql::Transaction& transaction, const Topic& topic) {
  return transaction
      .ExecuteWith(
          "UPDATE topics SET position = $2, retired = $3, title_en = $4, title_ru = $5, "
          "title_uk = $6, title_tt = $7 WHERE name = $1",
          ValuesOf(topic))
      .status();
}

}  // namespace veche::notifications
