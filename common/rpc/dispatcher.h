#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/observe/telemetry.h"
#include "common/rpc/callers.h"
#include "common/rpc/direct.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/service_builder.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace veche::rpc {

struct CallShared;
struct Method;

struct DispatcherOptions {
  std::string service = {};  // "appeals"
  Callers callers = {};
  // The audience of the tokens that the service accepts; "": access tokens, which have none.
  std::string audience = {};
  int threads = 8;
  int queue = 256;  // waiting calls; more get ResourceExhausted (QUEUE_FULL)
  absl::Duration default_deadline = absl::Seconds(30);  // of unary calls without one
  absl::Span<const EmbeddedFile> texts = {};  // the service's catalogue, beside CommonTexts()
  std::string language = "";                  // the city's, for callers who ask for none; "": ru
  // Handlers run on threads of low priority: for services whose callers mostly do not wait.
  bool background = false;
};

// Connects gRPC's callback API with plain blocking handlers. Runs each call on the service's
// bounded worker pool, in this order: trace, principal (from the token or the calling service's
// name), access rule, REQUIRED fields, deadline and cancellation, Idempotency-Key, handler; then
// status with details, metrics (calls by method and code, latency, in flight, queue), and a log
// line if the fault is on the server's side. Thread-safe.
class Dispatcher final : public DirectService {
 public:
  // Serves `services`. FailedPrecondition when a method has no access rule or the texts cannot be
  // parsed, and in the cases of ServiceBuilder::Build. `verifier`, `idempotency` (may be null) and
  // `clock` must outlive the dispatcher.
  static absl::StatusOr<std::unique_ptr<Dispatcher>> Create(DispatcherOptions options,
                                                            std::vector<ServiceBuilder> services,
                                                            auth::TokenVerifier& verifier,
                                                            Idempotency* idempotency,
                                                            const Clock& clock,
                                                            observe::Telemetry telemetry);
  ~Dispatcher() override;

  // For gRPC servers, which must be destroyed before the dispatcher.
  std::vector<grpc::Service*> services() const;

  // DirectService, for callers in this process.
  bool Has(absl::string_view method) const override;
  std::shared_ptr<RunningCall> Unary(absl::string_view method, DirectService::Options options,
                                     std::string request, Done done) override;
  bool HasSubscription(absl::string_view method) const override;
  std::shared_ptr<RunningStream> Subscribe(absl::string_view method, DirectService::Options options,
                                           std::string request,
                                           std::shared_ptr<StreamReceiver> receiver) override;

  // Ends open subscriptions, and all later ones, with Unavailable.
  void EndStreams();
  // EndStreams; refuses new calls and waits for running handlers. Blocks.
  void Shutdown();

 private:
  explicit Dispatcher(std::unique_ptr<CallShared> shared);
  absl::Status Serve(const ServiceBuilder& service);

  const std::unique_ptr<CallShared> shared_;
  const int64_t session_listener_;  // ends the streams of sessions that end
  std::vector<std::unique_ptr<Method>> methods_;
  absl::flat_hash_map<std::string, Method*> unary_;          // by path
  absl::flat_hash_map<std::string, Method*> subscriptions_;  // by path
  std::vector<std::unique_ptr<grpc::Service>> services_;
};

}  // namespace veche::rpc
