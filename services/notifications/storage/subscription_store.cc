#include "services/notifications/storage/subscription_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/storage/in_list.h"
#include "services/notifications/storage/subscription_row.h"

namespace veche::notifications {
namespace {

// The next number of a counter, which stays locked until the transaction ends.
absl::StatusOr<int64_t> NextNumber(sql::Transaction& transaction, absl::string_view counter) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value",
                        counter));
  return rows.at(0).Int(0);
}

absl::StatusOr<int64_t> Counter(sql::Transaction& transaction, absl::string_view counter) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT value FROM counters WHERE name = $1", counter));
  return rows.at(0).Int(0);
}

absl::Status Insert(sql::Transaction& transaction, const Subscription& subscription) {
  static const std::string& insert = *new std::string([] {
    std::string parameters;
    for (size_t i = 1; i <= SubscriptionColumns().size(); ++i) {
      absl::StrAppend(&parameters, i == 1 ? "$" : ", $", i);
    }
    return absl::StrCat("INSERT INTO subscriptions (", SubscriptionColumnList(), ") VALUES (",
                        parameters, ")");
  }());
  std::vector<sql::Value> values;
  for (const auto& column : SubscriptionColumns()) values.push_back(column.write(subscription));
  return transaction.ExecuteWith(insert, values).status();
}

// Replaces all but id and subscriber.
absl::Status Update(sql::Transaction& transaction, const Subscription& subscription) {
  static const std::string& update = *new std::string([] {
    std::string list;
    for (size_t i = 2; i < SubscriptionColumns().size(); ++i) {
      absl::StrAppend(&list, i == 2 ? "" : ", ", SubscriptionColumns()[i].name, " = $", i + 1);
    }
    return absl::StrCat("UPDATE subscriptions SET ", list, " WHERE id = $1 AND subscriber = $2");
  }());
  std::vector<sql::Value> values;
  for (const auto& column : SubscriptionColumns()) values.push_back(column.write(subscription));
  return transaction.ExecuteWith(update, values).status();
}

}  // namespace

absl::StatusOr<std::optional<Subscription>> SubscriptionStore::Get(sql::Transaction& transaction,
                                                                   absl::string_view subscriber) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(absl::StrCat("SELECT ", SubscriptionColumnList(),
                                                  " FROM subscriptions WHERE subscriber = $1"),
                                     subscriber));
  if (rows.empty()) return std::nullopt;
  return ReadSubscription(rows[0]);
}

absl::StatusOr<std::optional<Subscription>> SubscriptionStore::Lock(sql::Transaction& transaction,
                                                                    absl::string_view subscriber) {
  RETURN_IF_ERROR(NextNumber(transaction, "subscriptions").status());
  return Get(transaction, subscriber);
}

absl::Status SubscriptionStore::AddDefault(sql::Transaction& transaction,
                                           absl::string_view resident, absl::string_view language,
                                           absl::Time now) {
  ASSIGN_OR_RETURN(std::optional<Subscription> present, Get(transaction, resident));
  if (present) return absl::OkStatus();
  // The lock of the counter keeps another transaction from adding the same row meanwhile.
  ASSIGN_OR_RETURN(const int64_t version, NextNumber(transaction, "subscriptions"));
  ASSIGN_OR_RETURN(present, Get(transaction, resident));
  if (present) return absl::OkStatus();
  Subscription subscription{.subscriber = std::string(resident),
                            .language = std::string(language),
                            .create_time = now,
                            .update_time = now,
                            .version = version};
  ASSIGN_OR_RETURN(subscription.id, NextNumber(transaction, "subscribers"));
  ASSIGN_OR_RETURN(subscription.read_through, Counter(transaction, "notifications"));
  return Insert(transaction, subscription);
}

absl::Status SubscriptionStore::Put(sql::Transaction& transaction, Subscription& subscription,
                                    absl::Time now) {
  ASSIGN_OR_RETURN(subscription.version, NextNumber(transaction, "subscriptions"));
  ASSIGN_OR_RETURN(const std::optional<Subscription> present,
                   Get(transaction, subscription.subscriber));
  subscription.update_time = now;
  if (!present) {
    subscription.create_time = now;
    ASSIGN_OR_RETURN(subscription.id, NextNumber(transaction, "subscribers"));
    ASSIGN_OR_RETURN(subscription.read_through, Counter(transaction, "notifications"));
    return Insert(transaction, subscription);
  }
  subscription.id = present->id;
  subscription.home_district = present->home_district;
  subscription.read_through = present->read_through;
  subscription.token_hash = present->token_hash;
  subscription.create_time = present->create_time;
  return Update(transaction, subscription);
}

absl::Status SubscriptionStore::SetHome(sql::Transaction& transaction, absl::string_view resident,
                                        absl::string_view district, bool only_unknown) {
  ASSIGN_OR_RETURN(const int64_t version, NextNumber(transaction, "subscriptions"));
  return transaction
      .Execute(absl::StrCat("UPDATE subscriptions SET home_district = $2, version = $3 "
                            "WHERE subscriber = $1",
                            only_unknown ? " AND home_district IS NULL" : ""),
               resident, district, version)
      .status();
}

absl::Status SubscriptionStore::End(sql::Transaction& transaction, absl::string_view subscriber,
                                    absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t version, NextNumber(transaction, "subscriptions"));
  return transaction
      .Execute(
          "UPDATE subscriptions SET channels = 0, token_hash = '', update_time = $2, "
          "version = $3 WHERE subscriber = $1",
          subscriber, ToMicros(now), version)
      .status();
}

absl::Status SubscriptionStore::Prune(sql::Transaction& transaction, absl::Time before) {
  return transaction
      .Execute("DELETE FROM subscriptions WHERE channels = 0 AND update_time < $1",
               ToMicros(before))
      .status();
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListChanged(
    sql::Transaction& transaction, int64_t version, int limit) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(absl::StrCat("SELECT ", SubscriptionColumnList(),
                                                  " FROM subscriptions WHERE version > $1 "
                                                  "ORDER BY version LIMIT $2"),
                                     version, limit));
  return ReadSubscriptions(rows);
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListByIds(
    sql::Transaction& transaction, absl::Span<const uint32_t> ids) {
  if (ids.empty()) return std::vector<Subscription>();
  const InList list({}, ids);
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.QueryWith(absl::StrCat("SELECT ", SubscriptionColumnList(),
                                                      " FROM subscriptions WHERE id IN ",
                                                      list.text(), " ORDER BY id"),
                                         list.values()));
  return ReadSubscriptions(rows);
}

absl::StatusOr<std::vector<Subscription>> SubscriptionStore::ListBySubscribers(
    sql::Transaction& transaction, absl::Span<const std::string> subscribers) {
  if (subscribers.empty()) return std::vector<Subscription>();
  const InList list({}, subscribers);
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(absl::StrCat("SELECT ", SubscriptionColumnList(),
                                         " FROM subscriptions WHERE subscriber IN ", list.text()),
                            list.values()));
  return ReadSubscriptions(rows);
}

absl::StatusOr<std::vector<NoticeRecipient>> SubscriptionStore::ListNoticeRecipients(
    sql::Transaction& transaction, int64_t after, int64_t last, Channels channels) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", SubscriptionColumnList("s."),
                                     ", n.seq FROM notifications n JOIN subscriptions s "
                                     "ON s.subscriber = n.recipient "
                                     "WHERE n.seq > $1 AND n.seq <= $2 ORDER BY n.seq"),
                        after, last));
  std::vector<NoticeRecipient> recipients;
  for (const sql::Row& row : rows) {
    Subscription subscription = ReadSubscription(row);
    if ((subscription.channels & channels) == 0) continue;
    recipients.push_back({row.Int(SubscriptionColumns().size()), std::move(subscription)});
  }
  return recipients;
}

absl::StatusOr<int64_t> SubscriptionStore::NewestVersion(sql::Transaction& transaction) {
  return Counter(transaction, "subscriptions");
}

}  // namespace veche::notifications
