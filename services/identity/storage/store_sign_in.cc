#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/identity/storage/store.h"

namespace veche::identity {
namespace {

constexpr absl::string_view kChallengeContact = "challenge contact";
constexpr absl::string_view kSigningKey = "signing key";

constexpr absl::Duration kKeepChallenges = absl::Hours(2);
constexpr absl::Duration kKeepGuesses = absl::Hours(2);

template <auto kMember>
constexpr sql::Column<Session> Field(absl::string_view name) {
  return sql::MemberColumn<Session, kMember>(name);
}

constexpr sql::Column<Session> kSessions[] = {
    Field<&Session::id>("id"),
    Field<&Session::principal>("principal"),
    Field<&Session::token_hash>("token_hash"),
    Field<&Session::previous_hash>("previous_hash"),
    Field<&Session::rotate_time>("rotate_time"),
    Field<&Session::expire_time>("expire_time"),
};

// `ended`: rows with the ids of sessions.
absl::Status NoteEnds(sql::Transaction& transaction, const std::vector<sql::Row>& ended,
                      absl::Time now) {
  for (const sql::Row& row : ended) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO ended_sessions (session, end_time) VALUES ($1, $2)",
                                 row.Text(0), ToMicros(now))
                        .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SentCodes> Store::CountCodes(sql::Transaction& transaction,
                                            const api::Contact& contact, absl::Time since) {
  const std::string lookup = vault_.ContactLookup(contact);
  // Locks the contact's row.
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO code_senders (lookup, last_time) VALUES ($1, $2) "
                               "ON CONFLICT (lookup) DO UPDATE SET last_time = excluded.last_time",
                               lookup, ToMicros(since))
                      .status());
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT COUNT(*), MIN(create_time) FROM challenges "
                                     "WHERE lookup = $1 AND create_time > $2",
                                     lookup, ToMicros(since)));
  return SentCodes{.count = static_cast<int>(rows[0].Int(0)), .oldest = FromMicros(rows[0].Int(1))};
}

absl::Status Store::AddChallenge(sql::Transaction& transaction, const Challenge& challenge) {
  return transaction
      .Execute(
          "INSERT INTO challenges (id, lookup, kind, sealed_contact, code_hash, tries, used, "
          "create_time, expire_time) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)",
          challenge.id, vault_.ContactLookup(challenge.contact),
          api::KindName(challenge.contact.kind),
          sql::Blob{vault_.Seal(challenge.contact.value, kChallengeContact)},
          sql::Blob{challenge.code_hash}, false, ToMicros(challenge.create_time),
          ToMicros(challenge.expire_time))
      .status();
}

absl::StatusOr<std::optional<Challenge>> Store::CountTry(sql::Transaction& transaction,
                                                         absl::string_view id, absl::Time now) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query(
                       "UPDATE challenges SET tries = tries + 1 WHERE id = $1 AND used = $2 "
                       "AND tries < $3 AND expire_time > $4 "
                       "RETURNING kind, sealed_contact, code_hash, tries, create_time, expire_time",
                       id, false, kMaxTries, ToMicros(now)));
  if (rows.empty()) return std::nullopt;
  const sql::Row& row = rows[0];
  ASSIGN_OR_RETURN(std::string contact, vault_.Unseal(row.Bytes(1), kChallengeContact));
  return Challenge{.id = std::string(id),
                   .contact = {api::KindFromName(row.Text(0)), std::move(contact)},
                   .code_hash = row.Bytes(2),
                   .create_time = FromMicros(row.Int(4)),
                   .expire_time = FromMicros(row.Int(5)),
                   .tries = static_cast<int>(row.Int(3))};
}

absl::Status Store::MarkUsed(sql::Transaction& transaction, absl::string_view id) {
  return transaction.Execute("UPDATE challenges SET used = $2 WHERE id = $1", id, true).status();
}

absl::Status Store::UpdateGuesses(sql::Transaction& transaction, absl::string_view login,
                                  absl::FunctionRef<void(Guesses&)> change) {
  const std::string lookup = vault_.LoginLookup(login);
  // Creates the row with zero failures if it is missing, locks it and reads it.
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query("INSERT INTO guesses (lookup, failures, last_time) VALUES ($1, 0, 0) "
                        "ON CONFLICT (lookup) DO UPDATE SET failures = guesses.failures "
                        "RETURNING failures, last_time",
                        lookup));
  Guesses guesses{.failures = static_cast<int>(rows[0].Int(0)), .last = FromMicros(rows[0].Int(1))};
  change(guesses);
  return transaction
      .Execute("UPDATE guesses SET failures = $2, last_time = $3 WHERE lookup = $1", lookup,
               guesses.failures, ToMicros(guesses.last))
      .status();
}

absl::Status Store::ForgetGuesses(sql::Transaction& transaction, absl::string_view login) {
  return transaction.Execute("DELETE FROM guesses WHERE lookup = $1", vault_.LoginLookup(login))
      .status();
}

absl::Status Store::AddSession(sql::Transaction& transaction, const Session& session) {
  return transaction
      .ExecuteWith(sql::InsertStatement("sessions", kSessions),
                   sql::ColumnValues(kSessions, session))
      .status();
}

absl::StatusOr<std::optional<Session>> Store::GetSession(sql::Transaction& transaction,
                                                         absl::string_view id) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(
          absl::StrCat("SELECT ", sql::ColumnList(kSessions), " FROM sessions WHERE id = $1"), id));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kSessions, rows[0]);
}

absl::StatusOr<bool> Store::RotateSession(sql::Transaction& transaction, absl::string_view hash,
                                          const Session& next) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction.Execute("UPDATE sessions SET token_hash = $3, previous_hash = $4, "
                                       "rotate_time = $5, expire_time = $6 "
                                       "WHERE id = $1 AND token_hash = $2",
                                       next.id, hash, next.token_hash, next.previous_hash,
                                       ToMicros(next.rotate_time), ToMicros(next.expire_time)));
  return changed == 1;
}

absl::Status Store::EndSession(sql::Transaction& transaction, absl::string_view id,
                               absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> ended,
                   transaction.Query("DELETE FROM sessions WHERE id = $1 RETURNING id", id));
  return NoteEnds(transaction, ended, now);
}

absl::Status Store::EndSessionsOf(sql::Transaction& transaction, absl::string_view principal,
                                  absl::Time now) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> ended,
      transaction.Query("DELETE FROM sessions WHERE principal = $1 RETURNING id", principal));
  return NoteEnds(transaction, ended, now);
}

absl::StatusOr<std::vector<EndedSession>> Store::ListEndedSessions(sql::Transaction& transaction,
                                                                   absl::Time since) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT session, end_time FROM ended_sessions "
                                     "WHERE end_time > $1 ORDER BY end_time",
                                     ToMicros(since)));
  std::vector<EndedSession> sessions;
  for (const sql::Row& row : rows) sessions.push_back({row.Text(0), FromMicros(row.Int(1))});
  return sessions;
}

absl::StatusOr<bool> Store::HasSigningKey(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT generation FROM signing_keys LIMIT 1"));
  return !rows.empty();
}

absl::StatusOr<std::vector<std::string>> Store::ListSigningKeys(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query("SELECT sealed_pem FROM signing_keys ORDER BY generation DESC"));
  std::vector<std::string> pems;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(std::string pem, vault_.Unseal(row.Bytes(0), kSigningKey));
    pems.push_back(std::move(pem));
  }
  return pems;
}

absl::Status Store::AddFirstSigningKey(sql::Transaction& transaction, absl::string_view pem) {
  return transaction
      .Execute(
          "INSERT INTO signing_keys (generation, sealed_pem) VALUES (1, $1) "
          "ON CONFLICT (generation) DO NOTHING",
          sql::Blob{vault_.Seal(pem, kSigningKey)})
      .status();
}

absl::Status Store::Prune(sql::Transaction& transaction, absl::Time now) {
  RETURN_IF_ERROR(
      transaction
          .Execute("DELETE FROM challenges WHERE create_time < $1", ToMicros(now - kKeepChallenges))
          .status());
  RETURN_IF_ERROR(
      transaction
          .Execute("DELETE FROM code_senders WHERE last_time < $1", ToMicros(now - kKeepChallenges))
          .status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM guesses WHERE last_time < $1", ToMicros(now - kKeepGuesses))
          .status());
  RETURN_IF_ERROR(transaction
                      .Execute("DELETE FROM ended_sessions WHERE end_time < $1",
                               ToMicros(now - kKeepEndedSessions))
                      .status());
  return transaction.Execute("DELETE FROM sessions WHERE expire_time < $1", ToMicros(now)).status();
}

}  // namespace veche::identity
