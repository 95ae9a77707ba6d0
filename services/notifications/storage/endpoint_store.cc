#include "services/notifications/storage/endpoint_store.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/crypto/seal.h"
#include "common/sql/columns.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kPushColumns =
    "id, subscriber, endpoint, p256dh, auth, expire_time, create_time";
constexpr absl::string_view kWebhookColumns =
    "id, subscriber, messenger, sealed_target, sealed_secret, create_time";
// Lists are filled up to a few sizes, so that the statement cache keeps the statements.
constexpr size_t kListSizes[] = {1, 16, 256};

PushSubscription ReadPush(const sql::Row& row) {
  PushSubscription subscription{.id = row.Text(0),
                                .subscriber = row.Text(1),
                                .endpoint = row.Text(2),
                                .p256dh = row.Bytes(3),
                                .auth = row.Bytes(4)};
  sql::FromRow(row, 5, subscription.expire_time);
  subscription.create_time = FromMicros(row.Int(6));
  return subscription;
}

std::string SealContext(absl::string_view id, absl::string_view field) {
  return absl::StrCat("veche/notifications/v1/webhook ", field, " ", id);
}

absl::StatusOr<Webhook> ReadWebhook(const sql::Row& row, const std::string& key) {
  Webhook webhook{.id = row.Text(0), .subscriber = row.Text(1), .messenger = row.Text(2)};
  ASSIGN_OR_RETURN(webhook.target,
                   crypto::Unseal(key, row.Bytes(3), SealContext(webhook.id, "target")));
  ASSIGN_OR_RETURN(webhook.secret,
                   crypto::Unseal(key, row.Bytes(4), SealContext(webhook.id, "secret")));
  webhook.create_time = FromMicros(row.Int(5));
  return webhook;
}

// Runs "<select> <column> IN (…)<tail>" over all of `values` and returns the rows.
absl::StatusOr<std::vector<sql::Row>> QueryIn(sql::Transaction& transaction,
                                              absl::string_view select, absl::string_view tail,
                                              absl::Span<const std::string> values) {
  std::vector<sql::Row> rows;
  while (!values.empty()) {
    size_t size = kListSizes[2];
    for (const size_t fitting : kListSizes) {
      if (values.size() > fitting) continue;
      size = fitting;
      break;
    }
    const absl::Span<const std::string> part = values.subspan(0, size);
    std::string parameters;
    std::vector<sql::Value> arguments;
    for (size_t i = 0; i < size; ++i) {
      absl::StrAppend(&parameters, i == 0 ? "$" : ", $", i + 1);
      arguments.emplace_back(i < part.size() ? part[i] : part.back());
    }
    ASSIGN_OR_RETURN(
        std::vector<sql::Row> found,
        transaction.QueryWith(absl::StrCat(select, " IN (", parameters, ")", tail), arguments));
    std::move(found.begin(), found.end(), std::back_inserter(rows));
    values.remove_prefix(part.size());
  }
  return rows;
}

absl::StatusOr<bool> DeleteOwn(sql::Transaction& transaction, absl::string_view table,
                               absl::string_view subscriber, absl::string_view id) {
  ASSIGN_OR_RETURN(
      const int64_t deleted,
      transaction.Execute(absl::StrCat("DELETE FROM ", table, " WHERE id = $1 AND subscriber = $2"),
                          id, subscriber));
  return deleted > 0;
}

}  // namespace

absl::StatusOr<std::string> EndpointStore::PutPush(sql::Transaction& transaction,
                                                   const PushSubscription& subscription) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(
          absl::StrCat("INSERT INTO push_subscriptions (", kPushColumns,
                       ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (endpoint) DO UPDATE SET "
                       "subscriber = excluded.subscriber, p256dh = excluded.p256dh, "
                       "auth = excluded.auth, expire_time = excluded.expire_time RETURNING id"),
          subscription.id, subscription.subscriber, subscription.endpoint,
          sql::Blob{subscription.p256dh}, sql::Blob{subscription.auth},
          sql::ToValue(subscription.expire_time), ToMicros(subscription.create_time)));
  return rows.at(0).Text(0);
}

absl::StatusOr<std::vector<PushSubscription>> EndpointStore::ListPush(
    sql::Transaction& transaction, absl::string_view subscriber) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(absl::StrCat("SELECT ", kPushColumns,
                                                  " FROM push_subscriptions WHERE subscriber = $1 "
                                                  "ORDER BY id"),
                                     subscriber));
  std::vector<PushSubscription> subscriptions;
  for (const sql::Row& row : rows) subscriptions.push_back(ReadPush(row));
  return subscriptions;
}

absl::StatusOr<std::vector<PushSubscription>> EndpointStore::GetPush(
    sql::Transaction& transaction, absl::Span<const std::string> ids) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      QueryIn(transaction,
              absl::StrCat("SELECT ", kPushColumns, " FROM push_subscriptions WHERE id"), "", ids));
  std::vector<PushSubscription> subscriptions;
  for (const sql::Row& row : rows) subscriptions.push_back(ReadPush(row));
  return subscriptions;
}

absl::StatusOr<bool> EndpointStore::DeletePush(sql::Transaction& transaction,
                                               absl::string_view subscriber, absl::string_view id) {
  return DeleteOwn(transaction, "push_subscriptions", subscriber, id);
}

absl::Status EndpointStore::DeleteGone(sql::Transaction& transaction,
                                       absl::Span<const std::string> ids) {
  return QueryIn(transaction, "DELETE FROM push_subscriptions WHERE id", " RETURNING id", ids)
      .status();
}

absl::Status EndpointStore::AddWebhook(sql::Transaction& transaction, const Webhook& webhook) {
  return transaction
      .Execute(
          absl::StrCat("INSERT INTO webhooks (", kWebhookColumns,
                       ") VALUES ($1, $2, $3, $4, $5, $6)"),
          webhook.id, webhook.subscriber, webhook.messenger,
          sql::Blob{crypto::Seal(seal_key_, webhook.target, SealContext(webhook.id, "target"))},
          sql::Blob{crypto::Seal(seal_key_, webhook.secret, SealContext(webhook.id, "secret"))},
          ToMicros(webhook.create_time))
      .status();
}

absl::StatusOr<std::vector<Webhook>> EndpointStore::ListWebhooks(sql::Transaction& transaction,
                                                                 absl::string_view subscriber) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(absl::StrCat("SELECT ", kWebhookColumns,
                                                  " FROM webhooks WHERE subscriber = $1 "
                                                  "ORDER BY id"),
                                     subscriber));
  std::vector<Webhook> webhooks;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Webhook webhook, ReadWebhook(row, seal_key_));
    webhook.secret.clear();
    webhooks.push_back(std::move(webhook));
  }
  return webhooks;
}

absl::StatusOr<std::vector<Webhook>> EndpointStore::GetWebhooks(sql::Transaction& transaction,
                                                                absl::Span<const std::string> ids) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      QueryIn(transaction, absl::StrCat("SELECT ", kWebhookColumns, " FROM webhooks WHERE id"), "",
              ids));
  std::vector<Webhook> webhooks;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Webhook webhook, ReadWebhook(row, seal_key_));
    webhooks.push_back(std::move(webhook));
  }
  return webhooks;
}

absl::StatusOr<bool> EndpointStore::DeleteWebhook(sql::Transaction& transaction,
                                                  absl::string_view subscriber,
                                                  absl::string_view id) {
  return DeleteOwn(transaction, "webhooks", subscriber, id);
}

absl::StatusOr<std::vector<EndpointId>> EndpointStore::ListIds(
    sql::Transaction& transaction, Channel channel, absl::Span<const std::string> subscribers) {
  const absl::string_view table = channel == Channel::kWebPush ? "push_subscriptions" : "webhooks";
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      QueryIn(transaction, absl::StrCat("SELECT subscriber, id FROM ", table, " WHERE subscriber"),
              " ORDER BY subscriber, id", subscribers));
  std::vector<EndpointId> ids;
  ids.reserve(rows.size());
  for (const sql::Row& row : rows) ids.push_back({row.Text(0), row.Text(1)});
  return ids;
}

absl::StatusOr<bool> EndpointStore::HasPush(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT id FROM push_subscriptions LIMIT 1"));
  return !rows.empty();
}

absl::StatusOr<bool> EndpointStore::HasWebhooks(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT id FROM webhooks LIMIT 1"));
  return !rows.empty();
}

absl::Status EndpointStore::DeleteAll(sql::Transaction& transaction, absl::string_view subscriber) {
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM push_subscriptions WHERE subscriber = $1", subscriber)
          .status());
  return transaction.Execute("DELETE FROM webhooks WHERE subscriber = $1", subscriber).status();
}

}  // namespace veche::notifications
