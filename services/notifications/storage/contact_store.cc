#include "services/notifications/storage/contact_store.h"

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::notifications {
namespace {

// "($1, …)". A page has few sizes in practice, and the statement cache is bounded.
std::string Parameters(size_t count) {
  std::string text = "($1";
  for (size_t i = 2; i <= count; ++i) absl::StrAppend(&text, ", $", i);
  return text + ")";
}

}  // namespace

absl::StatusOr<std::vector<std::pair<int64_t, std::string>>> ContactStore::NoticesOf(
    sql::Transaction& transaction, absl::string_view event, int64_t after) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT n.seq, n.recipient FROM notifications n LEFT JOIN subscriptions s "
                        "ON s.subscriber = n.recipient WHERE n.event = $1 AND n.seq > $2 "
                        "AND COALESCE(s.contact_messages, TRUE) ORDER BY n.seq",
                        event, after));
  std::vector<std::pair<int64_t, std::string>> notices;
  notices.reserve(rows.size());
  for (const sql::Row& row : rows) notices.emplace_back(row.Int(0), row.Text(1));
  return notices;
}

absl::StatusOr<std::map<int64_t, ContactNotice>> ContactStore::GetNotices(
    sql::Transaction& transaction, absl::Span<const int64_t> numbers) {
  std::map<int64_t, ContactNotice> notices;
  if (numbers.empty()) return notices;
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(absl::StrCat("SELECT seq, recipient, type, appeal, number, create_time "
                                         "FROM notifications WHERE seq IN ",
                                         Parameters(numbers.size())),
                            std::vector<sql::Value>(numbers.begin(), numbers.end())));
  for (const sql::Row& row : rows) {
    notices[row.Int(0)] = {.recipient = ResidentOf(row.Text(1)),
                           .type = row.Text(2),
                           .subject = row.Text(3),
                           .number = row.Text(4),
                           .time = FromMicros(row.Int(5))};
  }
  return notices;
}

absl::Status ContactStore::OptOut(sql::Transaction& transaction, const Unsubscription& what,
                                  absl::Time now) {
  return transaction
      .Execute(
          "INSERT INTO contact_opt_outs (resident, subject, create_time) "
          "VALUES ($1, $2, $3) ON CONFLICT (resident, subject) DO NOTHING",
          what.resident, what.subject, ToMicros(now))
      .status();
}

absl::Status ContactStore::OptIn(sql::Transaction& transaction, absl::string_view resident,
                                 absl::string_view topic) {
  return transaction
      .Execute("DELETE FROM contact_opt_outs WHERE resident = $1 AND subject = $2", resident, topic)
      .status();
}

absl::Status ContactStore::OptIntoAlerts(sql::Transaction& transaction,
                                         absl::string_view resident) {
  return transaction
      .Execute(
          "DELETE FROM contact_opt_outs WHERE resident = $1 "
          "AND (subject = '' OR substr(subject, 1, 7) = 'topics/')",
          resident)
      .status();
}

absl::StatusOr<std::set<std::pair<std::string, std::string>>> ContactStore::OptOuts(
    sql::Transaction& transaction, absl::Span<const std::string> residents) {
  std::set<std::pair<std::string, std::string>> opt_outs;
  if (residents.empty()) return opt_outs;
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(
          absl::StrCat("SELECT resident, subject FROM contact_opt_outs WHERE resident IN ",
                       Parameters(residents.size())),
          std::vector<sql::Value>(residents.begin(), residents.end())));
  for (const sql::Row& row : rows) opt_outs.emplace(row.Text(0), row.Text(1));
  return opt_outs;
}

}  // namespace veche::notifications
