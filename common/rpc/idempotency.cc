#include "common/rpc/idempotency.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/answers_kept.h"

namespace veche::rpc {
namespace {

constexpr int64_t kPruneAtOnce = 500;  // rows of a transaction; short, so that writers do not wait

absl::Status KeyReused() {
  return MakeError(absl::StatusCode::kFailedPrecondition, "veche", "IDEMPOTENCY_KEY_REUSED");
}

absl::Status KeyInUse() {
  return WithRetryAfter(MakeError(absl::StatusCode::kAborted, "veche", "IDEMPOTENCY_KEY_IN_USE"),
                        absl::Seconds(1));
}

}  // namespace

absl::StatusOr<std::variant<std::string, std::unique_ptr<Idempotency::Hold>>> Idempotency::Begin(
    const IdempotencyKey& key) {
  // Reserved before the look-up: otherwise a call with the same key that ends in between would be
  // missed.
  std::string name = absl::StrCat(key.caller, "\n", key.key);
  {
    absl::MutexLock lock(&mutex_);
    if (!held_.insert(name).second) return KeyInUse();
  }
  auto hold = std::make_unique<Hold>(*this, std::move(name));
  ASSIGN_OR_RETURN(std::optional<std::string> stored, Find(key));
  if (stored) return *std::move(stored);
  return hold;
}

absl::StatusOr<std::optional<std::string>> Idempotency::Find(const IdempotencyKey& key) {
  std::optional<std::string> response;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        std::vector<sql::Row> rows,
        transaction.Query("SELECT fingerprint, response FROM idempotency_keys "
                          "WHERE caller = $1 AND key = $2 AND create_time >= $3",
                          key.caller, key.key, ToMicros(key.create_time - kAnswersKept)));
    if (rows.empty()) return absl::OkStatus();
    if (rows[0].Text(0) != key.fingerprint) return KeyReused();
    if (!absl::Base64Unescape(rows[0].Text(1), &response.emplace())) {
      return absl::DataLossError("a stored answer is not base64");
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<int64_t> Idempotency::Prune() {
  const int64_t before = ToMicros(clock_.Now() - kAnswersKept);
  int64_t pruned = 0;
  for (int64_t last = kPruneAtOnce; last == kPruneAtOnce; pruned += last) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      // The outer condition keeps an answer that was replaced in the meantime.
      ASSIGN_OR_RETURN(
          last, transaction.Execute("DELETE FROM idempotency_keys WHERE create_time < $1 AND "
                                    "(caller, key) IN (SELECT caller, key FROM idempotency_keys "
                                    "WHERE create_time < $1 ORDER BY create_time LIMIT $2)",
                                    before, kPruneAtOnce));
      return absl::OkStatus();
    }));
  }
  return pruned;
}

void Idempotency::Release(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  held_.erase(name);
}

}  // namespace veche::rpc
