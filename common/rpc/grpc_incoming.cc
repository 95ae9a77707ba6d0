#include "common/rpc/grpc_incoming.h"

#include <grpc/grpc_security_constants.h>

#include "absl/strings/match.h"

namespace veche::rpc {
namespace {

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

// An in-process transport has neither an address nor a security type; every socket has both (gRPC
// 1.51). Both are checked, so that a change of one of them in gRPC does not admit a remote caller.
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

}  // namespace

std::optional<absl::string_view> GrpcIncoming::Metadata(absl::string_view name) const {
  const auto& metadata = context_.client_metadata();
  auto it = metadata.find(grpc::string_ref(name.data(), name.size()));
  if (it == metadata.end()) return std::nullopt;
  return View(it->second);
}

absl::Time GrpcIncoming::deadline() const {
  const auto deadline = context_.deadline();
  return deadline == std::chrono::system_clock::time_point::max() ? absl::InfiniteFuture()
                                                                  : absl::FromChrono(deadline);
}

bool GrpcIncoming::IsProvenToBe(absl::string_view service) const {
  return IsInProcess(context_) || HasCertificateOf(context_, service);
}

}  // namespace veche::rpc
