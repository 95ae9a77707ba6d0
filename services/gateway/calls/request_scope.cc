#include "services/gateway/calls/request_scope.h"

#include "absl/strings/str_cat.h"
#include "common/api/metadata.h"
#include "common/http/text.h"
#include "common/rpc/call.h"
#include "services/gateway/calls/problem.h"

namespace veche::gateway {
namespace {

// The HTTP headers that are passed on unchanged, with their names as gRPC metadata.
constexpr std::pair<absl::string_view, const char*> kPassedOn[] = {
    {"Authorization", "authorization"},
    {"Idempotency-Key", "idempotency-key"},
};

}  // namespace

RequestScope::~RequestScope() {
  endpoint.metrics->Ended();
  const int status = status_.load() == 0 ? 499 : status_.load();
  if (endpoint.kind == Endpoint::Kind::kEvents) {
    endpoint.metrics->FinishedUntimed(status);
  } else {
    endpoint.metrics->Finished(status, absl::Now() - begin_);
  }
}

void RequestScope::Reply(http::Response response) {
  int unanswered = 0;
  if (!status_.compare_exchange_strong(unanswered, response.status)) return;
  exchange->Send(std::move(response));
}

void RequestScope::Fail(const absl::Status& status, int http_status) {
  Reply(ProblemResponse(status, {texts_, language, trace.trace_id}, http_status));
}

std::string RequestScope::Problem(const absl::Status& status) const {
  return ProblemJson(status, {texts_, language, trace.trace_id});
}

void RequestScope::Start(http::Response head) {
  int unanswered = 0;
  if (!status_.compare_exchange_strong(unanswered, head.status)) return;
  exchange->Start(std::move(head));
}

UpstreamOptions RequestScope::CallOptions(absl::Duration timeout) const {
  UpstreamOptions options;
  options.method = endpoint.method;
  options.timeout = timeout;
  options.hedged = endpoint.reads;
  if (endpoint.idempotent) options.repeat = Repeat::kIfCancelled;
  options.metadata.emplace_back("traceparent", trace.ToTraceparent());
  // Without a wish of the client, the service takes the locale in the token or the city's language.
  const absl::string_view asked = http::PreferredLanguage(request().Header("Accept-Language"));
  if (!asked.empty()) options.metadata.emplace_back(api::kLanguageMetadata, std::string(asked));
  if (endpoint.anonymous) return options;  // the Idempotency-Key is not passed on either
  if (request().HasHeader("Idempotency-Key")) options.repeat = Repeat::kIfGone;
  options.metadata.emplace_back(api::kClientAddressMetadata, request().address);
  for (const auto& [header, metadata] : kPassedOn) {
    const absl::string_view value = request().Header(header);
    if (!value.empty()) options.metadata.emplace_back(metadata, std::string(value));
  }
  return options;
}

}  // namespace veche::gateway
