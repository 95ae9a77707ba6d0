#include "services/issuer/storage/store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"
#include "services/issuer/domain/errors.h"

namespace veche::issuer {
namespace {

constexpr absl::string_view kCreated = "veche.issuer.poll_key_created";
constexpr absl::string_view kDestroyed = "veche.issuer.poll_key_destroyed";

absl::Status AddLogEntry(sql::Transaction& transaction, absl::string_view poll,
                         absl::string_view public_key, absl::string_view event,
                         absl::string_view cause, absl::Time now) {
  return transaction
      .Execute(
          "INSERT INTO key_log (poll, key_hash, event, cause, log_time) "
          "VALUES ($1, $2, $3, $4, $5)",
          poll, sql::Blob{crypto::Sha256(public_key)}, event, cause, ToMicros(now))
      .status();
}

PollKey ReadPollKey(const sql::Row& row) {
  PollKey key{
      .poll = {.id = row.Text(0),
               .eligibility = {.min_age = static_cast<int>(row.Int(1)),
                               .verified = row.Bool(2),
                               .districts = absl::StrSplit(row.Text(3), '\n', absl::SkipEmpty())},
               .open_time = FromMicros(row.Int(4)),
               .close_time = FromMicros(row.Int(5))},
      .public_key = row.Bytes(6),
      .sealed_key = row.Bytes(7)};
  if (!row.IsNull(8)) key.destroy_time = FromMicros(row.Int(8));
  return key;
}

}  // namespace

absl::StatusOr<std::optional<PollKey>> Store::GetPollKey(sql::Transaction& transaction,
                                                         absl::string_view poll) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT poll, min_age, verified, districts, open_time, close_time, "
                        "public_key, sealed_key, destroy_time FROM poll_keys WHERE poll = $1",
                        poll));
  if (rows.empty()) return std::nullopt;
  return ReadPollKey(rows[0]);
}

absl::StatusOr<PollKey> Store::FindOrAddPollKey(sql::Transaction& transaction, const PollKey& key,
                                                absl::Time now) {
  const Poll& poll = key.poll;
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute(
          "INSERT INTO poll_keys (poll, min_age, verified, districts, open_time, close_time, "
          "public_key, sealed_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
          "ON CONFLICT (poll) DO NOTHING",
          poll.id, poll.eligibility.min_age, poll.eligibility.verified,
          absl::StrJoin(poll.eligibility.districts, "\n"), ToMicros(poll.open_time),
          ToMicros(poll.close_time), sql::Blob{key.public_key}, sql::Blob{key.sealed_key}));
  if (added == 1) {
    RETURN_IF_ERROR(AddLogEntry(transaction, poll.id, key.public_key, kCreated, "CALL", now));
  }
  ASSIGN_OR_RETURN(const std::optional<PollKey> present, GetPollKey(transaction, poll.id));
  if (!present) return absl::UnavailableError("The key is being made. Try again.");
  return *present;
}

absl::StatusOr<bool> Store::DestroyPollKey(sql::Transaction& transaction, absl::string_view poll,
                                           DestroyCause cause, absl::Time now) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> destroyed,
      transaction.Query("UPDATE poll_keys SET sealed_key = $2, destroy_time = $3 "
                        "WHERE poll = $1 AND destroy_time IS NULL RETURNING public_key",
                        poll, sql::Blob{}, ToMicros(now)));
  if (destroyed.empty()) return false;
  RETURN_IF_ERROR(AddLogEntry(transaction, poll, destroyed[0].Bytes(0), kDestroyed,
                              cause == DestroyCause::kCall ? "CALL" : "CLOSE_TIME", now));
  return true;
}

absl::StatusOr<std::vector<LivingKey>> Store::ListLivingKeys(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT poll, close_time FROM poll_keys "
                                     "WHERE destroy_time IS NULL ORDER BY close_time, poll"));
  std::vector<LivingKey> keys;
  for (const sql::Row& row : rows) keys.push_back({row.Text(0), FromMicros(row.Int(1))});
  return keys;
}

absl::StatusOr<std::optional<std::string>> Store::FindCredential(sql::Transaction& transaction,
                                                                 absl::string_view poll,
                                                                 absl::string_view resident) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT message_hash FROM credentials WHERE poll = $1 AND resident = $2",
                        poll, resident));
  if (rows.empty()) return std::nullopt;
  return rows[0].Bytes(0);
}

absl::StatusOr<std::string> Store::FindOrAddCredential(sql::Transaction& transaction,
                                                       const Credential& credential) {
  // In PostgreSQL the lock makes DestroyPollKey wait; SQLite has one writer.
  const char* lock = transaction.engine() == sql::Engine::kPostgres ? " FOR SHARE" : "";
  ASSIGN_OR_RETURN(const std::vector<sql::Row> living,
                   transaction.Query(absl::StrCat("SELECT poll FROM poll_keys WHERE poll = $1 "
                                                  "AND destroy_time IS NULL",
                                                  lock),
                                     credential.poll));
  if (living.empty()) return PollClosed();
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute("INSERT INTO credentials (poll, resident, message_hash, district) "
                          "VALUES ($1, $2, $3, $4) ON CONFLICT (poll, resident) DO NOTHING",
                          credential.poll, credential.resident, sql::Blob{credential.message_hash},
                          credential.district));
  if (added == 1) return credential.message_hash;
  ASSIGN_OR_RETURN(const std::optional<std::string> present,
                   FindCredential(transaction, credential.poll, credential.resident));
  if (!present) return absl::UnavailableError("The credential is being issued. Try again.");
  return *present;
}

absl::StatusOr<DistrictCounts> Store::CountCredentials(sql::Transaction& transaction,
                                                       absl::string_view poll) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT district, COUNT(*) FROM credentials WHERE poll = $1 "
                                     "GROUP BY district",
                                     poll));
  DistrictCounts counts;
  for (const sql::Row& row : rows) counts[row.Text(0)] = row.Int(1);
  return counts;
}

absl::StatusOr<std::optional<std::string>> Store::FindStatementKey(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT sealed_pem FROM statement_keys ORDER BY generation DESC LIMIT 1"));
  if (rows.empty()) return std::nullopt;
  return rows[0].Bytes(0);
}

absl::StatusOr<std::string> Store::FindOrAddStatementKey(sql::Transaction& transaction,
                                                         absl::string_view sealed) {
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO statement_keys (generation, sealed_pem) "
                               "VALUES (1, $1) ON CONFLICT (generation) DO NOTHING",
                               sql::Blob{std::string(sealed)})
                      .status());
  ASSIGN_OR_RETURN(const std::optional<std::string> present, FindStatementKey(transaction));
  if (!present) return absl::UnavailableError("The key is being made. Try again.");
  return *present;
}

}  // namespace veche::issuer
