#pragma once

#include <grpcpp/grpcpp.h>

#include "common/rpc/incoming.h"

namespace veche::rpc {

// A call that arrived through gRPC. The context must outlive this object.
class GrpcIncoming final : public Incoming {
 public:
  explicit GrpcIncoming(const grpc::CallbackServerContext& context) : context_(context) {}

  std::optional<absl::string_view> Metadata(absl::string_view name) const override;
  absl::Time deadline() const override;
  bool cancelled() const override { return context_.IsCancelled(); }
  bool IsProvenToBe(absl::string_view service) const override;

 private:
  const grpc::CallbackServerContext& context_;
};

}  // namespace veche::rpc
