#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/issuer/signing/key_ring.h"
#include "services/issuer/signing/signer.h"
#include "services/issuer/storage/store.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/issuer/v1/issuer.pb.h"

namespace veche::issuer {

// Issues credentials. Thread-safe; may block.
//
// Nothing but the row of the store says that a resident asked for a credential: no log line, event,
// metric or stored answer.
class CredentialCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    KeyRing& keys;
    Signer& signer;
    identity::v1::Identity::StubInterface& identity;
    const Clock& clock;
  };
  // All of `parts` must outlive it.
  explicit CredentialCalls(Parts parts) : parts_(parts) {}

  // TOKEN_OF_OTHER_POLL unless the caller's token is for the poll of the request.
  // The answer is not stored under an Idempotency-Key: the row of a resident and poll is the key.
  absl::StatusOr<v1::IssueCredentialResponse> IssueCredential(
      const rpc::Call& call, const v1::IssueCredentialRequest& request, Violations violations = {});

 private:
  // The hash for which the resident has a credential already.
  absl::StatusOr<std::optional<std::string>> Issued(absl::string_view poll,
                                                    absl::string_view resident);
  // The district for which the resident is counted. PermissionDenied (NOT_ELIGIBLE).
  absl::StatusOr<std::string> DistrictOf(const rpc::Call& call, const Poll& poll);
  // AlreadyExists (CREDENTIAL_ISSUED) when the resident has a credential with another hash.
  absl::Status Add(const Credential& credential);

  const Parts parts_;
};

}  // namespace veche::issuer
