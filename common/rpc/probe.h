#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/observe/metrics.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "veche/testing/v1/rpc_test.grpc.pb.h"

// A service whose handlers are set by the tests of rpc. For tests only.

namespace veche::rpc::testing {

namespace v1 = ::veche::testing::v1;

// Each handler calls the function that a test has set; the default answers with the caller's name.
class ProbeHandlers {
 public:
  template <typename Request>
  using Handler = std::function<absl::StatusOr<v1::EchoResponse>(const Call&, const Request&)>;

  Handler<v1::EchoRequest> echo = &ProbeHandlers::WhoCalls<v1::EchoRequest>;
  Handler<v1::AskResidentRequest> ask_resident = &ProbeHandlers::WhoCalls<v1::AskResidentRequest>;
  Handler<v1::ReadRequest> read = &ProbeHandlers::WhoCalls<v1::ReadRequest>;
  std::function<absl::StatusOr<v1::IncrementResponse>(const Call&, const v1::IncrementRequest&)>
      increment;
  std::function<absl::Status(const Call&, std::shared_ptr<StreamWriter<v1::Chunk>>)> watch;
  std::function<absl::StatusOr<std::unique_ptr<StreamProducer<v1::Chunk>>>(
      const Call&, const v1::DownloadRequest&)>
      download;
  std::function<absl::StatusOr<std::unique_ptr<StreamSink<v1::Chunk, v1::UploadResponse>>>(
      const Call&)>
      upload;

  absl::StatusOr<v1::EchoResponse> Echo(const Call& call, const v1::EchoRequest& request) {
    return echo(call, request);
  }
  absl::StatusOr<v1::EchoResponse> AskResident(const Call& call,
                                               const v1::AskResidentRequest& request) {
    return ask_resident(call, request);
  }
  absl::StatusOr<v1::EchoResponse> AskStaff(const Call& call, const v1::AskStaffRequest& request) {
    return WhoCalls(call, request);
  }
  absl::StatusOr<v1::EchoResponse> AskService(const Call& call,
                                              const v1::AskServiceRequest& request) {
    return WhoCalls(call, request);
  }
  absl::StatusOr<v1::IncrementResponse> Increment(const Call& call,
                                                  const v1::IncrementRequest& request) {
    return increment(call, request);
  }
  absl::StatusOr<v1::EchoResponse> Read(const Call& call, const v1::ReadRequest& request) {
    return read(call, request);
  }
  absl::StatusOr<v1::EchoResponse> Demand(const Call& call, const v1::DemandRequest& request,
                                          Violations violations) {
    if (request.title() == "?") violations.Add("title", "MUST_NOT_BE_EMPTY");
    RETURN_IF_ERROR(violations.ToStatus());
    return WhoCalls(call, request);
  }
  absl::Status Watch(const Call& call, const v1::WatchRequest& request,
                     std::shared_ptr<StreamWriter<v1::Chunk>> writer) {
    return watch(call, std::move(writer));
  }
  absl::StatusOr<std::unique_ptr<StreamProducer<v1::Chunk>>> Download(
      const Call& call, const v1::DownloadRequest& request) {
    return download(call, request);
  }
  absl::StatusOr<std::unique_ptr<StreamSink<v1::Chunk, v1::UploadResponse>>> Upload(
      const Call& call) {
    return upload(call);
  }

 private:
  template <typename Request>
  static absl::StatusOr<v1::EchoResponse> WhoCalls(const Call& call, const Request&) {
    v1::EchoResponse response;
    response.set_text(call.principal().name);
    return response;
  }
};

// The binding, as a service has it.
inline ServiceBuilder Bind(ProbeHandlers& handlers) {
  return ServiceBuilder("veche.testing.v1.Probe")
      .Unary(handlers, &ProbeHandlers::Echo, &ProbeHandlers::AskResident, &ProbeHandlers::AskStaff,
             &ProbeHandlers::AskService, &ProbeHandlers::Increment, &ProbeHandlers::Read,
             &ProbeHandlers::Demand)
      .Subscribe(handlers, &ProbeHandlers::Watch)
      .Produce(handlers, &ProbeHandlers::Download)
      .Consume(handlers, &ProbeHandlers::Upload);
}

inline constexpr EmbeddedFile kProbeTexts = {
    "probe.tsv",
    "id\ten\tru\tuk\ttt\n"
    "NOT_HERE\tThere is no {name}.\tНет {name}.\tНемає {name}.\t{name} юк.\n"};

// A server of the probe and a client to it. Set the handlers before the first call.
class Probe {
 public:
  explicit Probe(DispatcherOptions options = {}, Idempotency* idempotency = nullptr)
      : dispatcher_(MakeDispatcher(std::move(options), idempotency)),
        server_(dispatcher_->services()) {}
  // Before the server, because an open stream would block its end.
  ~Probe() { dispatcher_->Shutdown(); }

  std::unique_ptr<v1::Probe::Stub> stub() { return v1::Probe::NewStub(server_.channel()); }
  std::unique_ptr<grpc::ClientContext> ContextFor(const auth::Principal& principal = {}) {
    return server_.ContextFor(principal);
  }
  // The status of an Echo by `principal`.
  absl::StatusOr<v1::EchoResponse> Echo(grpc::ClientContext& context, std::string text = "") {
    v1::EchoRequest request;
    request.set_text(std::move(text));
    v1::EchoResponse response;
    grpc::Status status = stub()->Echo(&context, request, &response);
    if (!status.ok()) return FromGrpc(status);
    return response;
  }
  std::string metrics() { return observe::RenderMetrics(*telemetry_.metrics); }
  std::vector<std::string> log() { return logger_->lines(); }
  Dispatcher& dispatcher() { return *dispatcher_; }

  ProbeHandlers handlers;

 private:
  std::unique_ptr<Dispatcher> MakeDispatcher(DispatcherOptions options, Idempotency* idempotency) {
    telemetry_.logger = logger_;
    options.service = "probe";
    options.texts = absl::MakeSpan(&kProbeTexts, 1);
    options.callers.known = SuiteCallers().known;
    options.callers.known.insert("probe");
    return *Dispatcher::Create(std::move(options), {Bind(handlers)}, TestServer::verifier(),
                               idempotency, clock_, telemetry_);
  }

  const SystemClock clock_;
  std::shared_ptr<RecordingLogger> logger_ = std::make_shared<RecordingLogger>();
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  std::unique_ptr<Dispatcher> dispatcher_;
  TestServer server_;
};

}  // namespace veche::rpc::testing
