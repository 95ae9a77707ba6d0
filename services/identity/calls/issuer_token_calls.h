#pragma once

#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "veche/identity/v1/identity.pb.h"

namespace veche::identity {

// Tokens with which residents ask the issuers of polls for credentials. Stores and logs nothing, so
// that identity does not learn who votes. Thread-safe.
class IssuerTokenCalls {
 public:
  // Both must outlive it.
  IssuerTokenCalls(const auth::TokenSigner& signer, const Clock& clock)
      : signer_(signer), clock_(clock) {}

  absl::StatusOr<v1::CreateIssuerTokenResponse> CreateIssuerToken(
      const rpc::Call& call, const v1::CreateIssuerTokenRequest& request,
      Violations violations = {});

 private:
  const auth::TokenSigner& signer_;
  const Clock& clock_;
};

}  // namespace veche::identity
