#include "services/notifications/storage/fan_out_store.h"

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/domain/alert.h"

namespace veche::notifications {
namespace {

// False when another owner has the post.
absl::StatusOr<bool> Lease(sql::Transaction& transaction, int64_t seq, absl::string_view owner,
                           absl::Time now, absl::Duration lease) {
  ASSIGN_OR_RETURN(
      const int64_t taken,
      transaction.Execute(
          "INSERT INTO alert_fan_out_leases (seq, owner, expire_time) VALUES ($1, $2, $3) "
          "ON CONFLICT (seq) DO UPDATE SET owner = excluded.owner, "
          "expire_time = excluded.expire_time WHERE alert_fan_out_leases.owner = $2 "
          "OR alert_fan_out_leases.expire_time <= $4",
          seq, owner, ToMicros(now + lease), ToMicros(now)));
  return taken > 0;
}

}  // namespace

absl::StatusOr<std::optional<AlertFanOut>> FanOutStore::Claim(sql::Transaction& transaction,
                                                              absl::string_view owner,
                                                              absl::Time now,
                                                              absl::Duration lease) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT f.seq, f.position FROM alert_fan_outs f "
                                     "LEFT JOIN alert_fan_out_leases l ON l.seq = f.seq "
                                     "WHERE l.seq IS NULL OR l.owner = $1 OR l.expire_time <= $2 "
                                     "ORDER BY f.severity DESC, f.seq LIMIT 1",
                                     owner, ToMicros(now)));
  if (rows.empty()) return std::nullopt;
  const AlertFanOut claimed{.seq = rows[0].Int(0), .position = rows[0].Int(1)};
  ASSIGN_OR_RETURN(const bool taken, Lease(transaction, claimed.seq, owner, now, lease));
  if (!taken) return std::nullopt;  // another owner was faster
  return claimed;
}

absl::StatusOr<bool> FanOutStore::Advance(sql::Transaction& transaction, int64_t seq,
                                          absl::string_view owner, int64_t from, int64_t to,
                                          absl::Time now, absl::Duration lease) {
  ASSIGN_OR_RETURN(const int64_t moved,
                   transaction.Execute(
                       "UPDATE alert_fan_outs SET position = $3 WHERE seq = $1 AND position = $2",
                       seq, from, to));
  if (moved == 0) return false;
  return Lease(transaction, seq, owner, now, lease);
}

absl::Status FanOutStore::Finish(sql::Transaction& transaction, int64_t seq) {
  RETURN_IF_ERROR(transaction.Execute("DELETE FROM alert_fan_outs WHERE seq = $1", seq).status());
  return transaction.Execute("DELETE FROM alert_fan_out_leases WHERE seq = $1", seq).status();
}

absl::StatusOr<bool> FanOutStore::IsCurrent(sql::Transaction& transaction, int64_t seq) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT a.seq, a.state FROM alert_posts p "
                                     "JOIN alerts a ON a.id = p.alert WHERE p.seq = $1",
                                     seq));
  return !rows.empty() && rows[0].Int(0) == seq &&
         static_cast<AlertState>(rows[0].Int(1)) != AlertState::kSuperseded;
}

absl::StatusOr<std::vector<int64_t>> FanOutStore::ListReplaced(sql::Transaction& transaction,
                                                               int64_t seq) {
  std::vector<int64_t> replaced;
  ASSIGN_OR_RETURN(const std::vector<sql::Row> alerts,
                   transaction.Query("SELECT a.id, a.supersedes FROM alert_posts p "
                                     "JOIN alerts a ON a.id = p.alert WHERE p.seq = $1",
                                     seq));
  if (alerts.empty()) return replaced;
  ASSIGN_OR_RETURN(const std::vector<sql::Row> posts,
                   transaction.Query("SELECT seq FROM alert_posts WHERE alert IN ($1, $2) "
                                     "AND seq < $3 ORDER BY seq",
                                     alerts[0].Text(0), alerts[0].Text(1), seq));
  for (const sql::Row& row : posts) replaced.push_back(row.Int(0));
  return replaced;
}

}  // namespace veche::notifications
