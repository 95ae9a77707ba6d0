#include "common/rpc/service_builder.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace veche::rpc {
namespace {

using google::protobuf::MethodDescriptor;

std::string Signature(absl::string_view request, bool client_streaming, absl::string_view response,
                      bool server_streaming) {
  return absl::StrCat("(", client_streaming ? "stream " : "", request, ") returns (",
                      server_streaming ? "stream " : "", response, ")");
}

std::string SignatureOf(const MethodDescriptor& method) {
  return Signature(method.input_type()->full_name(), method.client_streaming(),
                   method.output_type()->full_name(), method.server_streaming());
}

std::string SignatureOf(const Handler& handler) {
  return Signature(handler.request->GetDescriptor()->full_name(),
                   std::holds_alternative<ConsumeHandler>(handler.run),
                   handler.response->GetDescriptor()->full_name(),
                   std::holds_alternative<SubscribeHandler>(handler.run) ||
                       std::holds_alternative<ProduceHandler>(handler.run));
}

}  // namespace

absl::StatusOr<std::vector<BoundMethod>> ServiceBuilder::Build() const {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_);
  if (service == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("The program has no gRPC service ", service_, "."));
  }
  std::map<std::string, std::vector<const Handler*>> by_signature;
  for (const Handler& handler : handlers_) by_signature[SignatureOf(handler)].push_back(&handler);
  std::vector<std::string> faults;
  std::vector<BoundMethod> bound;
  std::set<std::string> seen;
  for (int i = 0; i < service->method_count(); ++i) {
    const MethodDescriptor& method = *service->method(i);
    const std::string signature = SignatureOf(method);
    if (!seen.insert(signature).second) {
      faults.push_back(absl::StrCat(method.name(), " has the types of another method"));
      continue;
    }
    const auto handlers = by_signature.extract(signature);
    if (handlers.empty()) {
      faults.push_back(absl::StrCat(method.name(), " has no handler"));
    } else if (handlers.mapped().size() > 1) {
      faults.push_back(absl::StrCat(method.name(), " has more than one handler"));
    } else {
      bound.push_back({&method, *handlers.mapped().front()});
    }
  }
  for (const auto& [signature, handlers] : by_signature) {
    faults.push_back(absl::StrCat("a handler ", signature, " has no method"));
  }
  if (faults.empty()) return bound;
  return absl::FailedPreconditionError(
      absl::StrCat(service_, " cannot be served: ", absl::StrJoin(faults, "; "), "."));
}

}  // namespace veche::rpc
