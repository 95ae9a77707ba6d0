#include "common/rpc/caller.h"

#include <grpc/grpc_security_constants.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::rpc {
namespace {

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

// An in-process transport has neither an address nor a security type; every socket has both
// (gRPC 1.51). Both are asked, so that a change of one does not open a door.
bool IsInProcess(const grpc::ServerContextBase& context) {
  const std::string peer = context.peer();
  if (peer != "unknown" && !absl::StartsWith(peer, "inproc")) return false;
  auto auth = context.auth_context();
  return auth == nullptr ||
         auth->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME).empty();
}

bool HasCertificateOf(const grpc::ServerContextBase& context, absl::string_view service) {
  auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return false;
  auto names = auth->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.size() == 1 && View(names[0]) == service;
}

absl::StatusOr<auth::Principal> FromToken(absl::string_view header, auth::TokenVerifier& verifier) {
  constexpr absl::string_view kScheme = "bearer ";
  if (!absl::StartsWithIgnoreCase(header, kScheme)) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_INVALID",
                     "Authorization takes \"Bearer\" and an access token.");
  }
  return verifier.Verify(header.substr(kScheme.size()));
}

}  // namespace

std::optional<absl::string_view> Metadata(const grpc::ServerContextBase& context,
                                          absl::string_view name) {
  const auto& metadata = context.client_metadata();
  auto it = metadata.find(grpc::string_ref(name.data(), name.size()));
  if (it == metadata.end()) return std::nullopt;
  return View(it->second);
}

absl::StatusOr<auth::Principal> IdentifyCaller(const grpc::ServerContextBase& context,
                                               auth::TokenVerifier& verifier) {
  if (auto header = Metadata(context, "authorization")) return FromToken(*header, verifier);
  auto service = Metadata(context, "x-veche-service");
  if (!service) return auth::Principal{};
  if (service->empty() || (!IsInProcess(context) && !HasCertificateOf(context, *service))) {
    return MakeError(absl::StatusCode::kUnauthenticated, "veche", "SERVICE_NOT_PROVEN",
                     "A service proves its name by its TLS certificate.");
  }
  return auth::Principal{.name = absl::StrCat("services/", *service),
                         .roles = {options::v1::ANYONE, options::v1::SERVICE}};
}

}  // namespace veche::rpc
