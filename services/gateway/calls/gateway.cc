#include "services/gateway/calls/gateway.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/http/text.h"
#include "services/gateway/calls/answer.h"
#include "services/gateway/calls/problem.h"
#include "services/gateway/calls/request_reader.h"
#include "services/gateway/calls/streams.h"

namespace veche::gateway {
namespace {

// The number changes with the form of packed answers.
constexpr char kAnswers[] = "veche:answer:1";

std::string NewTraceId() { return observe::TraceContext::Continue("").trace_id; }

// The path of a target, which may come in absolute form; the query goes to `query`.
absl::string_view SplitTarget(absl::string_view target, absl::string_view& query) {
  for (const absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    const size_t slash = target.find('/', scheme.size());
    target = slash == absl::string_view::npos ? "/" : target.substr(slash);
  }
  const size_t question = target.find('?');
  query = question == absl::string_view::npos ? "" : target.substr(question + 1);
  return target.substr(0, question);
}

absl::Status TooManyRequests(absl::Duration delay) {
  return WithRetryAfter(GatewayError(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"), delay);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, Texts texts, const Clock& clock,
                 observe::Telemetry telemetry, std::unique_ptr<redis::Client> redis)
    : options_(std::move(options)),
      texts_(std::move(texts)),
      telemetry_(std::move(telemetry)),
      redis_(std::move(redis)),
      limits_({{options_.address_rate, options_.address_burst},
               {options_.caller_rate, options_.caller_burst}},
              clock, redis_.get()),
      streams_(std::make_shared<SlotCounter>(options_.streams_per_caller)),
      in_flight_(std::make_shared<SlotCounter>(options_.in_flight)),
      cache_(cache::MakeLocalCache(options_.cache_bytes, clock)),
      answers_(*cache_, clock,
               redis_ ? &shared_answers_.emplace(*redis_, kAnswers, options_.patience) : nullptr,
               options_.local_life),
      metrics_(*telemetry_.metrics),
      unrouted_(*telemetry_.metrics, "none", "any") {}

Gateway::~Gateway() = default;

void Gateway::WaitIdle() {
  if (redis_) redis_->Stop();  // its callbacks make calls
  for (const auto& upstream : upstreams_) upstream->WaitIdle();
}

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Create(
    GatewayOptions options, const std::vector<GatewayService>& services,
    std::map<std::string, StaticPage> pages, const Clock& clock, observe::Telemetry telemetry,
    std::unique_ptr<redis::Client> redis) {
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts()}));
  auto gateway = absl::WrapUnique(new Gateway(std::move(options), std::move(texts), clock,
                                              std::move(telemetry), std::move(redis)));
  for (auto& page : pages) gateway->pages_.insert(std::move(page));
  for (const GatewayService& service : services) {
    const size_t before = gateway->router_.routes().size();
    RETURN_IF_ERROR(gateway->router_.Add(*service.descriptor));
    gateway->upstreams_.push_back(std::make_unique<Upstream>(
        service.channel, service.direct,
        Hedging{gateway->options_.hedge_after, &gateway->metrics_.hedges}));
    for (size_t i = before; i < gateway->router_.routes().size(); ++i) {
      ASSIGN_OR_RETURN(auto endpoint,
                       Endpoint::Create(*gateway->router_.routes()[i], gateway->tables_,
                                        *gateway->upstreams_.back(), *gateway->telemetry_.metrics));
      if (endpoint->cache_ttl > absl::ZeroDuration() && !endpoint->resource.empty()) {
        gateway->cached_of_[endpoint->resource].push_back(endpoint.get());
      }
      gateway->endpoints_.push_back(std::move(endpoint));
    }
  }
  return gateway;
}

void Gateway::OnConnections(int change) { metrics_.connections.Increment(change); }

http::Response Gateway::Refuse(const http::Refusal& refusal) {
  unrouted_.FinishedUntimed(refusal.status);
  const absl::StatusCode code = refusal.status == 503 ? absl::StatusCode::kResourceExhausted
                                                      : absl::StatusCode::kInvalidArgument;
  return ProblemResponse(GatewayError(code, refusal.reason, {}, refusal.text),
                         {texts_, options_.language, NewTraceId()}, refusal.status);
}

std::string Gateway::LanguageOf(const http::Request& request) const {
  const absl::string_view asked = http::PreferredLanguage(request.Header("Accept-Language"));
  return asked.empty() ? options_.language : std::string(asked);
}

http::Response Gateway::Problem(const http::Request& request, const absl::Status& status) const {
  return ProblemResponse(status, {texts_, LanguageOf(request), NewTraceId()});
}

void Gateway::RefuseRate(const http::ExchangePtr& exchange, absl::Duration delay) {
  unrouted_.FinishedUntimed(429);
  exchange->Send(Problem(exchange->request(), TooManyRequests(delay)));
}

void Gateway::Handle(http::ExchangePtr exchange) {
  const http::Request& request = exchange->request();
  const absl::string_view token = request.Header("Authorization");
  const absl::Duration delay = limits_.Take(request.address, token);
  if (delay > absl::ZeroDuration()) return RefuseRate(exchange, delay);
  if (!limits_.shared()) return Route(std::move(exchange));
  limits_.TakeShared(request.address, token, [this, exchange](absl::Duration delay) {
    exchange->Continue([this, exchange, delay] {
      delay > absl::ZeroDuration() ? RefuseRate(exchange, delay) : Route(exchange);
    });
  });
}

void Gateway::Route(http::ExchangePtr exchange) {
  absl::string_view query;
  const absl::string_view path = SplitTarget(exchange->request().target, query);
  if (AnswerStatic(exchange, path)) return;
  absl::StatusOr<RouteMatch> match = router_.Match(exchange->request().method, path);
  if (!match.ok() || match->route == nullptr) return AnswerUnrouted(exchange, match);
  const Endpoint& endpoint = *endpoints_[match->route->index];
  if (exchange->request().method == "HEAD" && endpoint.kind == Endpoint::Kind::kEvents) {
    match->route = nullptr;
    match->allow = "GET, OPTIONS";
    return AnswerUnrouted(exchange, match);
  }
  Admit(std::move(exchange), *std::move(match), query);
}

bool Gateway::AnswerStatic(const http::ExchangePtr& exchange, absl::string_view path) {
  const auto found = pages_.find(path);
  if (found == pages_.end()) return false;
  const std::string& method = exchange->request().method;
  if (method != "GET" && method != "HEAD") {
    RouteMatch match;
    match.allow = "GET, HEAD, OPTIONS";
    AnswerUnrouted(exchange, match);
    return true;
  }
  const StaticPage& page = found->second;
  http::Response response;
  response.content_type = page.content_type;
  response.headers = page.headers;
  response.Add("Cache-Control", "public, max-age=300");
  response.owner = std::shared_ptr<const void>(&page, [](const void*) {});
  response.shared_body = page.body;
  unrouted_.FinishedUntimed(200);
  exchange->Send(std::move(response));
  return true;
}

void Gateway::AnswerUnrouted(const http::ExchangePtr& exchange,
                             const absl::StatusOr<RouteMatch>& match) {
  http::Response response;
  if (!match.ok() && !absl::IsNotFound(match.status())) {
    Violations violations;
    violations.Add("path", Text(match.status().message()));
    response = Problem(exchange->request(), violations.ToStatus());
  } else if (!match.ok()) {
    response =
        Problem(exchange->request(), GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"));
  } else if (exchange->request().method == "OPTIONS") {
    response.status = 204;
    response.Add("Allow", match->allow);
  } else {
    response =
        Problem(exchange->request(), GatewayError(absl::StatusCode::kUnimplemented,
                                                  "METHOD_NOT_ALLOWED", {{"allow", match->allow}}));
    response.Add("Allow", match->allow);
  }
  unrouted_.FinishedUntimed(response.status);
  exchange->Send(std::move(response));
}

void Gateway::Admit(http::ExchangePtr exchange, RouteMatch match, absl::string_view query) {
  const Endpoint& endpoint = *endpoints_[match.route->index];
  const http::Request& request = exchange->request();
  std::string cache_key = CacheKey(endpoint, match, query, request);
  if (!cache_key.empty() && AnswerFromCache(exchange, endpoint, cache_key)) return;

  std::string language = LanguageOf(request);
  auto scope = std::make_shared<RequestScope>(std::move(exchange), endpoint, texts_, language);
  scope->match = std::move(match);
  scope->query = std::string(query);
  scope->trace = observe::TraceContext::Continue(
      endpoint.anonymous ? absl::string_view() : request.Header("traceparent"));
  const absl::string_view token = request.Header("Authorization");
  scope->authorized = !token.empty();
  if (const absl::Status status = CheckHeaders(*scope); !status.ok()) return scope->Fail(status);
  if (endpoint.kind == Endpoint::Kind::kEvents) {
    if (!http::Accepts(request.Header("Accept"), "text/event-stream")) {
      return scope->Fail(GatewayError(absl::StatusCode::kInvalidArgument, "NOT_ACCEPTABLE"));
    }
    scope->slot = streams_->Take(token.empty() ? absl::string_view(request.address) : token);
    if (!scope->slot) {
      return scope->Fail(
          WithRetryAfter(GatewayError(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS"),
                         absl::Seconds(5)));
    }
  } else {
    scope->slot = in_flight_->Take("");
    if (!scope->slot) {
      return scope->Fail(WithRetryAfter(
          GatewayError(absl::StatusCode::kResourceExhausted, "OVERLOADED"), absl::Seconds(1)));
    }
  }
  if (endpoint.kind == Endpoint::Kind::kUnary) {
    return HandleUnary(scope, cache_key);
  }
  if (endpoint.kind == Endpoint::Kind::kUpload) {
    return StreamFileIn(scope, options_.file_bytes, options_.file_timeout);
  }
  absl::StatusOr<std::string> wire = ReadRequest(*scope);
  if (!wire.ok()) return scope->Fail(wire.status());
  if (endpoint.kind == Endpoint::Kind::kDownload) {
    return StreamFileOut(scope, *std::move(wire), options_.file_timeout);
  }
  StreamEventsOut(scope, *std::move(wire), {options_.heartbeat, options_.stream_open}, metrics_);
}

}  // namespace veche::gateway
