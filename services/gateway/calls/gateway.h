#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/cache/cache.h"
#include "common/http/http.h"
#include "common/observe/telemetry.h"
#include "common/redis/client.h"
#include "common/redis/shared_cache.h"
#include "services/gateway/calls/answer_cache.h"
#include "services/gateway/calls/endpoint.h"
#include "services/gateway/calls/rate_limits.h"
#include "services/gateway/calls/request_scope.h"
#include "services/gateway/calls/router.h"
#include "services/gateway/calls/upstream.h"
#include "services/gateway/domain/rate_limiter.h"

namespace veche::gateway {

// A limit of zero or less means no limit.
struct GatewayOptions {
  std::string language = "ru";  // the city's, for clients who ask for none
  int64_t body_bytes = 1 << 20;
  int64_t file_bytes = 20 << 20;
  int in_flight = 1000;
  double caller_rate = 50;
  double caller_burst = 200;
  double address_rate = 100;
  double address_burst = 400;
  int streams_per_caller = 16;
  size_t cache_bytes = 64 << 20;
  absl::Duration hedge_after = absl::ZeroDuration();  // Hedging::after
  redis::SharedCache::Patience patience = {};         // with answers that another gateway fetches
  // How long this process keeps an answer itself when all gateways share them; zero: not at all.
  absl::Duration local_life = absl::InfiniteDuration();
  absl::Duration unary_timeout = absl::Seconds(10);
  absl::Duration file_timeout = absl::Minutes(10);
  absl::Duration heartbeat = absl::Seconds(15);
  // The head of a stream is sent after this time even without an event, so that the client knows
  // that the stream is open.
  absl::Duration stream_open = absl::Milliseconds(300);
};

// A gRPC service whose annotated methods become routes, and its channel.
struct GatewayService {
  const google::protobuf::ServiceDescriptor* descriptor;
  std::shared_ptr<grpc::Channel> channel;
  rpc::DirectService* direct = nullptr;  // null if the service is in another process
};

// A page with fixed content: /docs, /openapi.json.
struct StaticPage {
  absl::string_view content_type;  // of a literal
  std::string body;
  std::string headers = {};  // lines
};

// Answers HTTP requests by calling the gRPC methods of their routes. Thread-safe.
class Gateway final : public http::Handler {
 public:
  // InvalidArgument when routes are malformed or collide; FailedPrecondition when the texts cannot
  // be parsed. `redis` is where gateways share limits and answers; null: this one has its own.
  static absl::StatusOr<std::unique_ptr<Gateway>> Create(
      GatewayOptions options, const std::vector<GatewayService>& services,
      std::map<std::string, StaticPage> pages, const Clock& clock, observe::Telemetry telemetry,
      std::unique_ptr<redis::Client> redis = nullptr);
  ~Gateway() override;
  // Waits until no call runs. Call it once the server has stopped; then destroy the server, and
  // after it the gateway.
  void WaitIdle();

  void Handle(http::ExchangePtr exchange) override;
  http::Response Refuse(const http::Refusal& refusal) override;
  void OnConnections(int change) override;

  const Router& router() const { return router_; }

 private:
  Gateway(GatewayOptions options, Texts texts, const Clock& clock, observe::Telemetry telemetry,
          std::unique_ptr<redis::Client> redis);

  std::string LanguageOf(const http::Request& request) const;
  // The problem document for a request that has no scope.
  http::Response Problem(const http::Request& request, const absl::Status& status) const;
  void RefuseRate(const http::ExchangePtr& exchange, absl::Duration delay);
  void Route(http::ExchangePtr exchange);
  bool AnswerStatic(const http::ExchangePtr& exchange, absl::string_view path);
  void AnswerUnrouted(const http::ExchangePtr& exchange, const absl::StatusOr<RouteMatch>& match);
  void Admit(http::ExchangePtr exchange, RouteMatch match, absl::string_view query);
  // The key in the cache; "" if the cache must not answer the request.
  std::string CacheKey(const Endpoint& endpoint, const RouteMatch& match, absl::string_view query,
                       const http::Request& request) const;
  bool AnswerFromCache(const http::ExchangePtr& exchange, const Endpoint& endpoint,
                       const std::string& key);
  void HandleUnary(const ScopePtr& scope, const std::string& cache_key);
  void CallUnary(const ScopePtr& scope);
  void AskForMore(const ScopePtr& scope, const Violations& violations, std::string wire);
  void CallCached(const ScopePtr& scope, const std::string& key);
  void FetchAnswer(const RequestScope& scope, const std::shared_ptr<AnswerCache::Flight>& flight,
                   std::string wire);
  void InvalidateAfter(const RequestScope& scope);

  const GatewayOptions options_;
  const Texts texts_;
  observe::Telemetry telemetry_;
  Router router_;
  json::Tables tables_;
  std::vector<std::unique_ptr<Upstream>> upstreams_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;  // by Route::index
  std::map<std::string, StaticPage, std::less<>> pages_;
  std::map<std::string, std::vector<const Endpoint*>> cached_of_;  // by resource: "appeals/*"
  // Stopped before the members that its callbacks use are destroyed.
  const std::unique_ptr<redis::Client> redis_;
  RateLimits limits_;
  std::shared_ptr<SlotCounter> streams_;
  std::shared_ptr<SlotCounter> in_flight_;
  std::unique_ptr<cache::Cache> cache_;
  std::optional<redis::SharedCache> shared_answers_;
  AnswerCache answers_;
  ServerMetrics metrics_;
  RouteMetrics unrouted_;
};

}  // namespace veche::gateway
