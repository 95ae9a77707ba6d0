#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/issuer/domain/issuance.h"
#include "services/issuer/domain/poll.h"

namespace veche::issuer {

// One credential: that a resident has one, and for which blinded message.
struct Credential {
  std::string poll;
  std::string resident;      // "residents/{id}"
  std::string message_hash;  // SHA-256 of the blinded message
  std::string district;      // "districts/{id}" or ""
};

// Why a key was destroyed.
enum class DestroyCause { kCall, kCloseTime };

// A poll whose private key exists.
struct LivingKey {
  std::string poll;
  absl::Time close_time;
};

// The tables of the issuer, and the only SQL of this service. Each method runs in the caller's
// transaction; methods that only read accept a reading transaction. Every method may also return
// the errors of sql::Transaction. Thread-safe.
class Store {
 public:
  // Nullopt when the poll has no key.
  absl::StatusOr<std::optional<PollKey>> GetPollKey(sql::Transaction& transaction,
                                                    absl::string_view poll);
  // Adds the key, unless the poll has one. Returns the key that the poll has now.
  absl::StatusOr<PollKey> FindOrAddPollKey(sql::Transaction& transaction, const PollKey& key,
                                           absl::Time now);
  // Overwrites the private key and logs that. Waits for the transactions that add a credential.
  // False when the key is destroyed already, or the poll has none.
  absl::StatusOr<bool> DestroyPollKey(sql::Transaction& transaction, absl::string_view poll,
                                      DestroyCause cause, absl::Time now);
  // By close time.
  absl::StatusOr<std::vector<LivingKey>> ListLivingKeys(sql::Transaction& transaction);

  // The SHA-256 of the blinded message of the resident's credential; nullopt when there is none.
  absl::StatusOr<std::optional<std::string>> FindCredential(sql::Transaction& transaction,
                                                            absl::string_view poll,
                                                            absl::string_view resident);
  // Adds the credential, unless the resident has one for this poll. Returns the hash of the one
  // that the resident has now. FailedPrecondition (POLL_CLOSED) when the key is destroyed: no
  // credential comes after that.
  absl::StatusOr<std::string> FindOrAddCredential(sql::Transaction& transaction,
                                                  const Credential& credential);
  absl::StatusOr<DistrictCounts> CountCredentials(sql::Transaction& transaction,
                                                  absl::string_view poll);

  // The sealed statement key; nullopt before the first start. Static: the answer is needed to open
  // the vault.
  static absl::StatusOr<std::optional<std::string>> FindStatementKey(sql::Transaction& transaction);
  // Adds the key unless there is one; returns the one that is there now.
  absl::StatusOr<std::string> FindOrAddStatementKey(sql::Transaction& transaction,
                                                    absl::string_view sealed);
};

}  // namespace veche::issuer
