#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/metadata.h"
#include "common/base/error.h"
#include "services/gateway/calls/answer.h"
#include "services/gateway/calls/gateway.h"
#include "services/gateway/calls/problem.h"
#include "services/gateway/calls/request_reader.h"

// The part of Gateway that deals with unary calls and the cache of their answers.

namespace veche::gateway {
namespace {

constexpr size_t kMostMetadata = 16 << 10;  // services accept four times as much

std::string KeyOf(const Endpoint& endpoint, absl::string_view what, absl::string_view language) {
  return absl::StrCat(endpoint.method, " ", language, " ", what);
}

// Whether the text of an error is in the language, if it has one.
bool IsFor(const absl::Status& status, absl::string_view language) {
  const std::string told = LocalizedIn(status);
  return told.empty() || told == language || IsOverload(status);
}

// A handler in this process knows its deadline, but may run beyond it; the client gets an answer in
// time.
void FailIfLate(const ScopePtr& scope, absl::Duration timeout, std::function<void()> cancel) {
  if (timeout <= absl::ZeroDuration()) return;
  scope->exchange->OnTick([cancel = std::move(cancel), waiting = std::weak_ptr<RequestScope>(scope),
                           deadline = absl::Now() + timeout](absl::Duration) {
    if (absl::Now() < deadline) return;
    // The answer comes first, because the cancelled call would give one too. Fail may destroy this
    // function object, hence the copy.
    const std::function<void()> stop = cancel;
    if (const auto late = waiting.lock()) late->Fail(absl::DeadlineExceededError("too slow"));
    stop();
  });
}

}  // namespace

// The key of a resource is its name alone, so that a change of the resource can invalidate it; the
// key of a list includes the query.
std::string Gateway::CacheKey(const Endpoint& endpoint, const RouteMatch& match,
                              absl::string_view query, const http::Request& request) const {
  if (endpoint.cache_ttl <= absl::ZeroDuration() || request.HasHeader("Authorization") ||
      request.has_body()) {
    return "";
  }
  const std::string language = endpoint.cache_by_language ? LanguageOf(request) : "";
  if (match.variables.empty()) {
    // An answer for a secret, such as a follow token, is private.
    if (endpoint.takes_secrets && !query.empty()) return "";
    return KeyOf(endpoint, absl::StrCat("?", query), language);
  }
  if (endpoint.resource.empty() || !query.empty()) return "";
  return KeyOf(endpoint, match.variables[0].second, language);
}

bool Gateway::AnswerFromCache(const http::ExchangePtr& exchange, const Endpoint& endpoint,
                              const std::string& key) {
  const AnswerCache::Packed packed = answers_.Get(key, endpoint.cache_ttl);
  if (!packed) return false;
  const absl::StatusOr<CachedAnswer> answer = CachedAnswer::Unpack(*packed);
  if (!answer.ok() && !IsFor(answer.status(), LanguageOf(exchange->request()))) return false;
  http::Response response = answer.ok()
                                ? MakeCachedAnswer(exchange->request(), endpoint, *answer, packed)
                                : Problem(exchange->request(), answer.status());
  endpoint.metrics->Finished(response.status, absl::ZeroDuration());
  exchange->Send(std::move(response));
  return true;
}

void Gateway::HandleUnary(const ScopePtr& scope, const std::string& cache_key) {
  if (!cache_key.empty()) return CallCached(scope, cache_key);
  if (!scope->request().has_body() || scope->endpoint.route->body.empty()) return CallUnary(scope);
  const http::ExchangePtr exchange = scope->exchange;
  exchange->ReadBody(options_.body_bytes, [this, scope] { CallUnary(scope); });
}

void Gateway::CallUnary(const ScopePtr& scope) {
  Violations violations;
  absl::StatusOr<std::string> wire = ReadRequest(*scope, violations);
  if (!wire.ok()) return scope->Fail(wire.status());
  if (!violations.empty()) return AskForMore(scope, violations, *std::move(wire));
  const auto call = scope->endpoint.upstream->Unary(
      scope->CallOptions(options_.unary_timeout), *std::move(wire),
      [this, scope](const absl::Status& status, absl::string_view response) {
        if (scope->endpoint.changes) InvalidateAfter(*scope);
        if (!status.ok()) return scope->Fail(status);
        absl::StatusOr<http::Response> answer = MakeAnswer(*scope, response);
        if (answer.ok()) return scope->Reply(*std::move(answer));
        telemetry_.logger->Error("response without a JSON form",
                                 {{"method", scope->endpoint.method},
                                  {"error", answer.status().message()},
                                  {"traceId", scope->trace.trace_id}});
        scope->Fail(answer.status());
      });
  const auto cancel = [call = std::weak_ptr<rpc::RunningCall>(call)] {
    if (const auto running = call.lock()) running->Cancel();
  };
  scope->exchange->OnClose(cancel);
  FailIfLate(scope, options_.unary_timeout, cancel);
}

// The service adds the violations that it finds in the readable part of the request, and changes
// nothing.
void Gateway::AskForMore(const ScopePtr& scope, const Violations& violations, std::string wire) {
  absl::Status known = violations.ToStatus();
  UpstreamOptions options = scope->CallOptions(options_.unary_timeout);
  options.metadata.emplace_back(api::kViolationsMetadata, violations.Serialize());
  if (options.metadata.back().second.size() > kMostMetadata) return scope->Fail(known);
  const auto call = scope->endpoint.upstream->Unary(
      std::move(options), std::move(wire),
      [scope, known = std::move(known)](const absl::Status& status, absl::string_view) {
        const bool judged = absl::IsInvalidArgument(status) || absl::IsUnauthenticated(status) ||
                            absl::IsPermissionDenied(status);
        scope->Fail(judged ? status : known);
      });
  FailIfLate(scope, options_.unary_timeout, [call = std::weak_ptr<rpc::RunningCall>(call)] {
    if (const auto running = call.lock()) running->Cancel();
  });
}

void Gateway::CallCached(const ScopePtr& scope, const std::string& key) {
  absl::StatusOr<std::string> wire = ReadRequest(*scope);
  if (!wire.ok()) return scope->Fail(wire.status());
  const auto flight = answers_.Join(
      key, scope->endpoint.cache_ttl,
      [this, scope](const absl::StatusOr<CachedAnswer>& answer, const AnswerCache::Packed& packed) {
        if (answer.ok()) {
          return scope->Reply(MakeCachedAnswer(scope->request(), scope->endpoint, *answer, packed));
        }
        // The request that fetched the error may have another language: ask the
        // service again for this client.
        IsFor(answer.status(), scope->language) ? scope->Fail(answer.status()) : CallUnary(scope);
      });
  if (flight) FetchAnswer(*scope, flight, *std::move(wire));
  FailIfLate(scope, options_.unary_timeout, [] {});
}

// Other requests may wait for the answer too, so the call does not end when this client leaves.
void Gateway::FetchAnswer(const RequestScope& scope,
                          const std::shared_ptr<AnswerCache::Flight>& flight, std::string wire) {
  const absl::Time deadline = absl::Now() + options_.unary_timeout;
  answers_.Fetch(flight, [this, flight, deadline, &endpoint = scope.endpoint,
                          options = scope.CallOptions(options_.unary_timeout),
                          wire = std::move(wire)]() mutable {
    options.timeout = deadline - absl::Now();  // other gateways may have held up this one
    endpoint.upstream->Unary(
        std::move(options), std::move(wire),
        [this, flight, &endpoint](const absl::Status& status, absl::string_view response) {
          answers_.Land(flight, status.ok() ? PackAnswer(endpoint, response)
                                            : absl::StatusOr<AnswerCache::Packed>(status));
        });
  });
}

// Also after an error: a failed call may have changed the resource.
void Gateway::InvalidateAfter(const RequestScope& scope) {
  const auto found = cached_of_.find(scope.endpoint.resource);
  if (found == cached_of_.end()) return;
  for (const Endpoint* cached : found->second) {
    const std::string& resource = scope.match.variables[0].second;
    if (!cached->cache_by_language) {
      answers_.Invalidate(KeyOf(*cached, resource, ""), cached->cache_ttl);
      continue;
    }
    for (const absl::string_view language : kLanguages) {
      answers_.Invalidate(KeyOf(*cached, resource, language), cached->cache_ttl);
    }
  }
}

}  // namespace veche::gateway
