#include "common/rpc/dispatcher.h"

#include <grpcpp/impl/service_type.h>

#include "absl/memory/memory.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/direct_incoming.h"
#include "common/rpc/direct_subscription.h"
#include "common/rpc/grpc_service.h"
#include "common/rpc/open_call.h"
#include "common/rpc/unary.h"
#include "google/api/annotations.pb.h"

namespace veche::rpc {
namespace {

using google::protobuf::MethodDescriptor;

bool TakesIdempotencyKey(const MethodDescriptor& method) {
  return method.options().GetExtension(google::api::http).pattern_case() !=
         google::api::HttpRule::kGet;
}

absl::StatusOr<std::unique_ptr<Method>> Prepare(BoundMethod bound, const CallShared& shared) {
  const MethodDescriptor& method = *bound.descriptor;
  ASSIGN_OR_RETURN(auth::AccessRule access, auth::AccessRuleOf(method));
  if (access.services.erase(auth::kFollowers) > 0) {
    access.services.insert(shared.callers.followers.begin(), shared.callers.followers.end());
  }
  if (access.services.erase(auth::kEveryService) > 0) {
    access.services.insert(shared.callers.known.begin(), shared.callers.known.end());
  }
  return std::unique_ptr<Method>(
      new Method{.full_name = method.full_name(),
                 .path = absl::StrCat("/", method.service()->full_name(), "/", method.name()),
                 .access = std::move(access),
                 .required = RequiredFields(*method.input_type()),
                 .takes_idempotency_key = TakesIdempotencyKey(method),
                 .metrics = {*shared.telemetry.metrics, shared.service, method.name()},
                 .handler = std::move(bound.handler)});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Dispatcher>> Dispatcher::Create(
    DispatcherOptions options, std::vector<ServiceBuilder> services, auth::TokenVerifier& verifier,
    Idempotency* idempotency, const Clock& clock, observe::Telemetry telemetry) {
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), options.texts}));
  std::unique_ptr<CallShared> shared(
      new CallShared{.service = options.service,
                     .callers = std::move(options.callers),
                     .audience = std::move(options.audience),
                     .default_deadline = options.default_deadline,
                     .verifier = verifier,
                     .idempotency = idempotency,
                     .clock = clock,
                     .telemetry = telemetry,
                     .texts = std::move(texts),
                     .language = IsLanguage(options.language) ? options.language : "ru",
                     .streams = {},
                     .pool = {options.threads, options.queue, options.background,
                              observe::QueueGauge(*telemetry.metrics, options.service)}});
  std::unique_ptr<Dispatcher> dispatcher(new Dispatcher(std::move(shared)));
  for (const ServiceBuilder& service : services) RETURN_IF_ERROR(dispatcher->Serve(service));
  return dispatcher;
}

Dispatcher::Dispatcher(std::unique_ptr<CallShared> shared)
    : shared_(std::move(shared)),
      session_listener_(
          shared_->verifier.ended_sessions().AddListener([this](absl::string_view session) {
            shared_->streams.EndSession(session, TokenEnded());
          })) {}

Dispatcher::~Dispatcher() {
  shared_->verifier.ended_sessions().RemoveListener(session_listener_);
  Shutdown();
}

absl::Status Dispatcher::Serve(const ServiceBuilder& service) {
  ASSIGN_OR_RETURN(std::vector<BoundMethod> bound, service.Build());
  std::vector<Method*> methods;
  for (BoundMethod& one : bound) {
    ASSIGN_OR_RETURN(std::unique_ptr<Method> method, Prepare(std::move(one), *shared_));
    methods.push_back(method.get());
    if (std::holds_alternative<UnaryHandler>(method->handler.run)) {
      unary_.emplace(method->path, method.get());
    } else if (std::holds_alternative<SubscribeHandler>(method->handler.run)) {
      subscriptions_.emplace(method->path, method.get());
    }
    methods_.push_back(std::move(method));
  }
  services_.push_back(MakeGrpcService(*shared_, methods));
  return absl::OkStatus();
}

std::vector<grpc::Service*> Dispatcher::services() const {
  std::vector<grpc::Service*> services;
  for (const auto& service : services_) services.push_back(service.get());
  return services;
}

bool Dispatcher::Has(absl::string_view method) const { return unary_.contains(method); }

std::shared_ptr<RunningCall> Dispatcher::Unary(absl::string_view path,
                                               DirectService::Options options, std::string request,
                                               Done done) {
  Method& method = *unary_.at(path);
  auto incoming = std::make_shared<DirectIncoming>(std::move(options));
  auto message = absl::WrapUnique(method.handler.request->New());
  if (!message->ParseFromString(request)) {
    done(absl::InternalError("a message on the wire cannot be read"), "");
    return incoming;
  }
  StartUnary(*shared_, method, incoming, std::move(message),
             [done = std::move(done)](const absl::Status& status,
                                      const google::protobuf::Message& response) {
               done(status, status.ok() ? response.SerializeAsString() : std::string());
             });
  return incoming;
}

bool Dispatcher::HasSubscription(absl::string_view method) const {
  return subscriptions_.contains(method);
}

std::shared_ptr<RunningStream> Dispatcher::Subscribe(absl::string_view path,
                                                     DirectService::Options options,
                                                     std::string request,
                                                     std::shared_ptr<StreamReceiver> receiver) {
  return StartDirectSubscription(*shared_, *subscriptions_.at(path), std::move(options),
                                 std::move(request), std::move(receiver));
}

void Dispatcher::EndStreams() { shared_->streams.EndAll(Stopping()); }

void Dispatcher::Shutdown() {
  shared_->stopping = true;
  EndStreams();
  shared_->pool.Shutdown();
}

}  // namespace veche::rpc
