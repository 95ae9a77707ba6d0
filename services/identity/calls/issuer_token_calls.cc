#include "services/identity/calls/issuer_token_calls.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"

namespace veche::identity {
namespace {

// The form of ids and issuers' names in docs/polling-protocol.md.
void CheckName(absl::string_view field, absl::string_view name, Violations& violations) {
  constexpr size_t kMost = 32;
  const bool fits =
      !name.empty() && name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
      });
  if (!fits) violations.Add(field, "POLL_NAME_FORM");
}

}  // namespace

absl::StatusOr<v1::CreateIssuerTokenResponse> IssuerTokenCalls::CreateIssuerToken(
    const rpc::Call& call, const v1::CreateIssuerTokenRequest& request, Violations violations) {
  CheckName("issuer", request.issuer(), violations);
  CheckName("poll", request.poll(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const auth::Principal bearer{.name = call.principal().name,
                               .roles = {options::v1::ANYONE, options::v1::RESIDENT},
                               .audience = absl::StrCat("issuer:", request.issuer()),
                               .scope = absl::StrCat("polls/", request.poll())};
  v1::CreateIssuerTokenResponse response;
  response.set_token(signer_.Sign(bearer, clock_.Now()));
  return response;
}

}  // namespace veche::identity
