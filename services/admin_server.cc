#include "services/admin_server.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/base/json_text.h"
#include "common/base/status_macros.h"
#include "common/http/server.h"
#include "common/observe/metrics.h"

namespace veche {
namespace {

// Plain text, because operators and their tools read it.
http::Response PlainError(int status, absl::string_view detail) {
  http::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = absl::StrCat(detail, "\n");
  return response;
}

class HttpAdminServer final : public AdminServer, public http::Handler {
 public:
  HttpAdminServer(Readiness readiness, observe::Telemetry telemetry)
      : readiness_(std::move(readiness)), telemetry_(std::move(telemetry)) {}

  absl::Status Listen(absl::string_view address) {
    http::ServerOptions options;
    options.address = std::string(address);
    options.threads = 1;
    options.connections = 100;
    ASSIGN_OR_RETURN(server_, http::Server::Start(std::move(options), *this));
    return absl::OkStatus();
  }

  int port() const override { return server_->port(); }

  void Handle(http::ExchangePtr exchange) override {
    const http::Request& request = exchange->request();
    const std::string path = request.target.substr(0, request.target.find('?'));
    http::Response response;
    if (request.method != "GET" && request.method != "HEAD") {
      response = PlainError(405, "Only GET is allowed.");
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
      response = PlainError(404, "This port answers /healthz, /readyz and /metrics.");
    }
    response.Add("Cache-Control", "no-store");
    exchange->Send(std::move(response));
  }

  http::Response Refuse(const http::Refusal& refusal) override {
    return PlainError(refusal.status, refusal.reason);
  }

 private:
  http::Response Ready() {
    const std::map<std::string, absl::Status> modules = readiness_();
    bool ready = true;
    JsonText json;
    json.BeginObject().Key("modules").BeginObject();
    for (const auto& [name, status] : modules) {
      ready = ready && status.ok();
      json.Member(name, status.ok() ? absl::string_view("OK") : status.message());
    }
    json.EndObject().Member("status", ready ? "OK" : "NOT_READY").EndObject();
    http::Response response;
    response.status = ready ? 200 : 503;
    response.content_type = "application/json";
    response.body = json.Take();
    if (!ready) response.Add("Retry-After", "1");
    return response;
  }

  const Readiness readiness_;
  const observe::Telemetry telemetry_;
  std::unique_ptr<http::Server> server_;  // last: its threads use the others
};

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(absl::string_view address,
                                                                Readiness readiness,
                                                                observe::Telemetry telemetry) {
  auto server = std::make_unique<HttpAdminServer>(std::move(readiness), std::move(telemetry));
  RETURN_IF_ERROR(server->Listen(address));
  return server;
}

}  // namespace veche
