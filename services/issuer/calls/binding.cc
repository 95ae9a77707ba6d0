#include "services/issuer/calls/binding.h"

namespace veche::issuer {

std::vector<rpc::ServiceBuilder> Bind(PollKeyCalls& poll_keys, CredentialCalls& credentials) {
  return {rpc::ServiceBuilder("veche.issuer.v1.Issuer")
              .Unary(poll_keys, &PollKeyCalls::CreatePollKey, &PollKeyCalls::ClosePollKey,
                     &PollKeyCalls::GetIssuance)
              .Unary(credentials, &CredentialCalls::IssueCredential)};
}

}  // namespace veche::issuer
