#include "common/rpc/call.h"

#include <google/protobuf/message.h>
#include <grpcpp/client_context.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/api/metadata.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/answers_kept.h"

namespace veche::rpc {
namespace {

std::unique_ptr<grpc::ClientContext> MakeContext(absl::string_view service,
                                                 const observe::TraceContext& trace,
                                                 absl::Time deadline) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(deadline));
  context->AddMetadata("traceparent", trace.ToTraceparent());
  context->AddMetadata(api::kServiceMetadata, std::string(service));
  return context;
}

}  // namespace

std::unique_ptr<grpc::ClientContext> Call::NewContext(absl::Duration cap) const {
  const absl::Time now = absl::Now();
  const bool late = deadline_ - now < kLeastTime;
  auto context = MakeContext(service_, trace_, late ? now : std::min(deadline_, now + cap));
  context->AddMetadata(api::kLanguageMetadata, language_);
  return context;
}

std::unique_ptr<grpc::ClientContext> Call::NewCallersContext(absl::Duration cap) const {
  auto context = NewContext(cap);
  if (!authorization_.empty()) context->AddMetadata("authorization", authorization_);
  return context;
}

absl::Status Call::Remember(sql::Transaction& transaction,
                            const google::protobuf::Message& response) const {
  // A call with violations must change nothing: roll back.
  RETURN_IF_ERROR(violations_.ToStatus());
  if (!idempotency_key_) return absl::OkStatus();
  const IdempotencyKey& key = *idempotency_key_;
  ASSIGN_OR_RETURN(
      const int64_t stored,
      transaction.Execute(
          "INSERT INTO idempotency_keys (caller, key, fingerprint, response, create_time) "
          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (caller, key) DO UPDATE "
          "SET fingerprint = excluded.fingerprint, response = excluded.response, "
          "create_time = excluded.create_time WHERE idempotency_keys.create_time < $6",
          key.caller, key.key, key.fingerprint, absl::Base64Escape(response.SerializeAsString()),
          ToMicros(key.create_time), ToMicros(key.create_time - kAnswersKept)));
  if (stored > 0) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAlreadyExists, "veche", "IDEMPOTENCY_KEY_IN_USE");
}

std::unique_ptr<grpc::ClientContext> NewBackgroundContext(absl::string_view service,
                                                          absl::Duration timeout) {
  auto context = MakeContext(service, observe::TraceContext::Continue(""), absl::Now() + timeout);
  context->AddMetadata(api::kLanguageMetadata, "en");
  return context;
}

}  // namespace veche::rpc
