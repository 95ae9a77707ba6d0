#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/crypto/evp_key.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/issuer/signing/key_ring.h"
#include "services/issuer/storage/store.h"
#include "services/issuer/vault/key_vault.h"
#include "veche/issuer/v1/issuer.pb.h"

namespace veche::issuer {

// The life of a poll's key, and the statements of how often it was used. Thread-safe; may block.
class PollKeyCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const KeyVault& vault;
    KeyRing& keys;
    const EVP_PKEY& statement_key;
    const Clock& clock;
    observe::Telemetry& telemetry;
    std::string name;  // of this issuer
  };
  // All of `parts` must outlive it.
  explicit PollKeyCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::PollKey> CreatePollKey(const rpc::Call& call,
                                            const v1::CreatePollKeyRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::Issuance> ClosePollKey(const rpc::Call& call,
                                            const v1::ClosePollKeyRequest& request);
  absl::StatusOr<v1::Issuance> GetIssuance(const rpc::Call& call,
                                           const v1::GetIssuanceRequest& request);

 private:
  absl::StatusOr<v1::Issuance> IssuanceOf(const std::string& poll);

  const Parts parts_;
};

}  // namespace veche::issuer
