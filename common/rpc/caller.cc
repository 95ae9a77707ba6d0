#include "common/rpc/caller.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/metadata.h"
#include "common/base/error.h"

namespace veche::rpc {
namespace {

absl::StatusOr<auth::Principal> FromToken(absl::string_view header, auth::TokenVerifier& verifier,
                                          absl::string_view audience) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(header, kScheme)) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_INVALID", {},
                     "TOKEN_SCHEME");
  }
  return verifier.Verify(header.substr(kScheme.size()), audience);
}

}  // namespace

absl::StatusOr<auth::Principal> IdentifyCaller(const Incoming& incoming, const Callers& callers,
                                               auth::TokenVerifier& verifier,
                                               absl::string_view audience) {
  if (auto header = incoming.Metadata("authorization")) {
    return FromToken(*header, verifier, audience);
  }
  auto service = incoming.Metadata(api::kServiceMetadata);
  if (!service) return auth::Principal{};
  if (!callers.known.contains(*service) || !incoming.IsProvenToBe(*service)) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "SERVICE_NOT_PROVEN");
  }
  return auth::Principal{.name = absl::StrCat("services/", *service),
                         .roles = {options::v1::ANYONE, options::v1::SERVICE}};
}

}  // namespace veche::rpc
