#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/rpc/consumption.h"
#include "common/rpc/direct.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/invoke.h"
#include "common/rpc/production.h"
#include "common/rpc/stream.h"
#include "common/rpc/subscription.h"
#include "common/rpc/unary.h"

namespace veche::rpc {

struct DispatcherOptions {
  std::string service = {};                                                  // "appeals"
  std::vector<const google::protobuf::ServiceDescriptor*> descriptors = {};  // what it serves
  int threads = 8;
  int queue = 256;  // calls that wait for a thread; beyond: ResourceExhausted, reason QUEUE_FULL
  absl::Duration default_deadline = absl::Seconds(30);  // of unary calls that bring none
  absl::Span<const EmbeddedFile> texts = {};  // the service's catalogue, beside CommonTexts()
  std::string language = "";                  // the city's, for callers who ask for none; "": ru
  // Handlers run only when other work leaves time: for services whose callers mostly do not wait.
  bool background = false;
};

// Between gRPC's callback API and plain blocking handlers: puts each call on the service's bounded
// worker pool and gives it, in this order, trace, principal (token, or the peer service's name),
// access rule, REQUIRED fields, deadline and cancellation, Idempotency-Key, then the handler; then
// status with details, metrics (calls by method and code, latency, in flight, queue) and one log
// line for errors of ours. A service's binding has one line for each RPC:
//
//   return rpc_.Unary(context, request, response);
//
// and binds its handlers in its constructor: rpc.Bind(handlers, &Handlers::GetAppeal, …).
// The method is found by its request type, which is therefore unique in a service. Thread-safe.
class Dispatcher final : public DirectService {
 public:
  // FailedPrecondition when a method has no access rule or shares its request type, or the texts
  // are broken. `verifier` and
  // `idempotency` (may be null) must outlive it.
  static absl::StatusOr<std::unique_ptr<Dispatcher>> Create(DispatcherOptions options,
                                                            auth::TokenVerifier& verifier,
                                                            Idempotency* idempotency,
                                                            const Clock& clock,
                                                            observe::Telemetry telemetry);
  ~Dispatcher() override;

  // Binds unary handlers: absl::StatusOr<Response> Handlers::Method(const Call&, const Request&),
  // and with a third parameter, Violations, where the handler checks fields: it gets those that are
  // known to be wrong (REQUIRED ones, what the gateway could not read), adds its own, and returns
  // `violations.ToStatus()` before it does anything, so that the client hears of all at once.
  // Before calls come. `handlers` must outlive them.
  template <typename Handlers, typename... Methods>
  void Bind(Handlers& handlers, Methods... methods) {
    (BindOne(handlers, methods), ...);
  }

  // Runs the handler that is bound to the request's type.
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context,
                                  const google::protobuf::Message* request,
                                  google::protobuf::Message* response);

  // The same handlers for callers within the process.
  bool Has(absl::string_view method) const override;
  std::shared_ptr<RunningCall> Unary(absl::string_view method, DirectService::Options options,
                                     std::string request, Done done) override;

  // absl::Status Handlers::Method(const Call&, const Request&,
  // std::shared_ptr<StreamWriter<Response>>): subscribes the writer and returns; the stream stays
  // open until the writer is finished or the client leaves. An error ends it.
  template <typename Handlers, typename Request, typename Response>
  grpc::ServerWriteReactor<Response>* Subscribe(
      grpc::CallbackServerContext* context, const Request* request, Handlers& handlers,
      absl::Status (Handlers::*method)(const Call&, const Request&,
                                       std::shared_ptr<StreamWriter<Response>>));

  // absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> Handlers::Method(const Call&, const
  // Request&)
  template <typename Handlers, typename Request, typename Response>
  grpc::ServerWriteReactor<Response>* Produce(
      grpc::CallbackServerContext* context, const Request* request, Handlers& handlers,
      absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> (Handlers::*method)(
          const Call&, const Request&));

  // absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> Handlers::Method(const Call&)
  template <typename Handlers, typename Request, typename Response>
  grpc::ServerReadReactor<Request>* Consume(
      grpc::CallbackServerContext* context, Response* response, Handlers& handlers,
      absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> (Handlers::*method)(
          const Call&));

  // Refuses new calls, ends open streams with Unavailable, waits for handlers that run.
  void Shutdown();

 private:
  using Methods = absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<Method>>;

  Dispatcher(Methods methods, std::unique_ptr<Method> unregistered,
             std::unique_ptr<CallShared> shared);

  template <typename Handlers, typename Request, typename Response, typename... More>
  void BindOne(Handlers& handlers,
               absl::StatusOr<Response> (Handlers::*method)(const Call&, const Request&, More...));
  void BindUnary(const google::protobuf::Message& request,
                 const google::protobuf::Message& response, UnaryHandler handler);
  Method& MethodOf(const google::protobuf::Descriptor& request) const;

  const Methods methods_;                            // by request type
  absl::flat_hash_map<std::string, Method*> bound_;  // unary ones by path
  const std::unique_ptr<Method> unregistered_;       // allows nobody
  const std::unique_ptr<CallShared> shared_;
};

template <typename Handlers, typename Request, typename Response, typename... More>
void Dispatcher::BindOne(Handlers& handlers,
                         absl::StatusOr<Response> (Handlers::*method)(const Call&, const Request&,
                                                                      More...)) {
  using google::protobuf::Message;
  BindUnary(Request::default_instance(), Response::default_instance(),
            [&handlers, method](const Call& call, const Message& request,
                                Message& response) -> absl::Status {
              absl::StatusOr<Response> answer =
                  Invoke(handlers, method, call, static_cast<const Request&>(request));
              if (!answer.ok()) return std::move(answer).status();
              static_cast<Response&>(response) = *std::move(answer);
              return absl::OkStatus();
            });
}

template <typename Handlers, typename Request, typename Response>
grpc::ServerWriteReactor<Response>* Dispatcher::Subscribe(
    grpc::CallbackServerContext* context, const Request* request, Handlers& handlers,
    absl::Status (Handlers::*method)(const Call&, const Request&,
                                     std::shared_ptr<StreamWriter<Response>>)) {
  return new Subscription<Handlers, Request, Response>(*shared_, MethodOf(*Request::descriptor()),
                                                       *context, *request, handlers, method);
}

template <typename Handlers, typename Request, typename Response>
grpc::ServerWriteReactor<Response>* Dispatcher::Produce(
    grpc::CallbackServerContext* context, const Request* request, Handlers& handlers,
    absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> (Handlers::*method)(const Call&,
                                                                                  const Request&)) {
  return new Production<Handlers, Request, Response>(*shared_, MethodOf(*Request::descriptor()),
                                                     *context, *request, handlers, method);
}

template <typename Handlers, typename Request, typename Response>
grpc::ServerReadReactor<Request>* Dispatcher::Consume(
    grpc::CallbackServerContext* context, Response* response, Handlers& handlers,
    absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> (Handlers::*method)(
        const Call&)) {
  return new Consumption<Handlers, Request, Response>(*shared_, MethodOf(*Request::descriptor()),
                                                      *context, *response, handlers, method);
}

}  // namespace veche::rpc
