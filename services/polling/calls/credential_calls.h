#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/remote/issuers.h"
#include "services/polling/storage/poll_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// Forwards residents' requests for credentials to the issuers. Keeps and logs nothing. Thread-safe;
// the dependencies must outlive this object.
class CredentialCalls {
 public:
  CredentialCalls(sql::Database& database, PollStore& polls, Issuers& issuers)
      : database_(database), polls_(polls), issuers_(issuers) {}

  absl::StatusOr<v1::IssueCredentialResponse> IssueCredential(
      const rpc::Call& call, const v1::IssueCredentialRequest& request, Violations violations);

 private:
  sql::Database& database_;
  PollStore& polls_;
  Issuers& issuers_;
};

}  // namespace veche::polling
