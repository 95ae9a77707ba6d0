#include "services/gateway/http/admin_server.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/metrics.h"
#include "services/gateway/http/http_server.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/json/json_text.h"

namespace veche::gateway {
namespace {

class HttpAdminServer final : public AdminServer, public HttpHandler {
 public:
  HttpAdminServer(Texts texts, Readiness readiness, observe::Telemetry telemetry)
      : texts_(std::move(texts)),
        readiness_(std::move(readiness)),
        telemetry_(std::move(telemetry)) {}

  absl::Status Listen(absl::string_view address) {
    HttpServerOptions options;
    options.address = std::string(address);
    options.threads = 1;
    options.connections = 100;
    ASSIGN_OR_RETURN(server_, HttpServer::Start(std::move(options), *this));
    return absl::OkStatus();
  }

  int port() const override { return server_->port(); }

  void Handle(ExchangePtr exchange) override {
    const HttpRequest& request = exchange->request();
    const std::string path = request.target.substr(0, request.target.find('?'));
    HttpResponse response;
    if (request.method != "GET" && request.method != "HEAD") {
      response = Problem(GatewayError(absl::StatusCode::kUnimplemented, "METHOD_NOT_ALLOWED",
                                      {{"allow", "GET, HEAD"}}));
      response.Add("Allow", "GET, HEAD");
    } else if (path == "/healthz") {
      response.content_type = "application/json";
      response.body = "{\"status\":\"OK\"}";
    } else if (path == "/readyz") {
      response = Ready();
    } else if (path == "/metrics") {
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      response.body = observe::RenderMetrics(*telemetry_.metrics);
    } else {
      response = Problem(MakeOperatorError(absl::StatusCode::kNotFound, kDomain, "ROUTE_NOT_FOUND",
                                           "Here are /healthz, /readyz and /metrics."));
    }
    response.Add("Cache-Control", "no-store");
    exchange->Send(std::move(response));
  }

  HttpResponse Refuse(const Refusal& refusal) override {
    return Problem(
        GatewayError(absl::StatusCode::kInvalidArgument, refusal.reason, {}, refusal.text),
        refusal.status);
  }

 private:
  HttpResponse Problem(const absl::Status& status, int http_status = 0) const {
    return ProblemResponse(status, {texts_, "en", ""}, http_status);
  }
  HttpResponse Ready() {
    const std::map<std::string, absl::Status> modules = readiness_();
    bool ready = true;
    JsonText json;
    json.BeginObject().Key("modules").BeginObject();
    for (const auto& [name, status] : modules) {
      ready = ready && status.ok();
      json.Member(name, status.ok() ? absl::string_view("OK") : status.message());
    }
    json.EndObject().Member("status", ready ? "OK" : "NOT_READY").EndObject();
    HttpResponse response;
    response.status = ready ? 200 : 503;
    response.content_type = "application/json";
    response.body = json.Take();
    if (!ready) response.Add("Retry-After", "1");
    return response;
  }

  const Texts texts_;
  const Readiness readiness_;
  const observe::Telemetry telemetry_;
  std::unique_ptr<HttpServer> server_;  // last: its threads use the others
};

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(absl::string_view address,
                                                                Readiness readiness,
                                                                observe::Telemetry telemetry) {
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts()}));
  auto server = std::make_unique<HttpAdminServer>(std::move(texts), std::move(readiness),
                                                  std::move(telemetry));
  RETURN_IF_ERROR(server->Listen(address));
  return server;
}

}  // namespace veche::gateway
