#include "common/rpc/dispatcher.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/empty.pb.h>

#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "google/api/annotations.pb.h"

namespace veche::rpc {
namespace {

using google::protobuf::MethodDescriptor;

bool TakesIdempotencyKey(const MethodDescriptor& method) {
  return method.options().GetExtension(google::api::http).pattern_case() !=
         google::api::HttpRule::kGet;
}

absl::StatusOr<std::unique_ptr<Method>> Prepare(const MethodDescriptor& method,
                                                const DispatcherOptions& options,
                                                prometheus::Registry& registry) {
  ASSIGN_OR_RETURN(auth::Roles allowed, auth::AllowedRoles(method));
  return std::unique_ptr<Method>(
      new Method{.full_name = method.full_name(),
                 .path = absl::StrCat("/", method.service()->full_name(), "/", method.name()),
                 .allowed = allowed,
                 .required = RequiredFields(*method.input_type()),
                 .takes_idempotency_key = TakesIdempotencyKey(method),
                 .metrics = {registry, options.service, method.name()}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Dispatcher>> Dispatcher::Create(DispatcherOptions options,
                                                               auth::TokenVerifier& verifier,
                                                               Idempotency* idempotency,
                                                               const Clock& clock,
                                                               observe::Telemetry telemetry) {
  prometheus::Registry& registry = *telemetry.metrics;
  Methods methods;
  for (const google::protobuf::ServiceDescriptor* service : options.descriptors) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& descriptor = *service->method(i);
      ASSIGN_OR_RETURN(auto method, Prepare(descriptor, options, registry));
      if (!methods.emplace(descriptor.input_type(), std::move(method)).second) {
        return absl::FailedPreconditionError(
            absl::StrCat(descriptor.full_name(), " shares its request type with another method"));
      }
    }
  }
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), options.texts}));
  std::unique_ptr<Method> unregistered(
      new Method{.full_name = "unregistered",
                 .path = "",
                 .allowed = {},
                 .required = RequiredFields(*google::protobuf::Empty::descriptor()),
                 .takes_idempotency_key = false,
                 .metrics = {registry, options.service, "unregistered"}});
  std::unique_ptr<CallShared> shared(
      new CallShared{.service = options.service,
                     .default_deadline = options.default_deadline,
                     .verifier = verifier,
                     .idempotency = idempotency,
                     .clock = clock,
                     .telemetry = telemetry,
                     .texts = std::move(texts),
                     .language = IsLanguage(options.language) ? options.language : "ru",
                     .streams = {},
                     .pool = {options.threads, options.queue, options.background,
                              observe::QueueGauge(registry, options.service)}});
  return std::unique_ptr<Dispatcher>(
      new Dispatcher(std::move(methods), std::move(unregistered), std::move(shared)));
}

Dispatcher::Dispatcher(Methods methods, std::unique_ptr<Method> unregistered,
                       std::unique_ptr<CallShared> shared)
    : methods_(std::move(methods)),
      unregistered_(std::move(unregistered)),
      shared_(std::move(shared)) {}

Dispatcher::~Dispatcher() { Shutdown(); }

Method& Dispatcher::MethodOf(const google::protobuf::Descriptor& request) const {
  auto it = methods_.find(&request);
  return it == methods_.end() ? *unregistered_ : *it->second;
}

void Dispatcher::BindUnary(const google::protobuf::Message& request,
                           const google::protobuf::Message& response, UnaryHandler handler) {
  Method& method = MethodOf(*request.GetDescriptor());
  if (&method == unregistered_.get()) return;  // stays closed to all
  method.handler = std::move(handler);
  method.request = &request;
  method.response = &response;
  bound_.emplace(method.path, &method);
}

grpc::ServerUnaryReactor* Dispatcher::Unary(grpc::CallbackServerContext* context,
                                            const google::protobuf::Message* request,
                                            google::protobuf::Message* response) {
  return StartGrpcUnary(*shared_, MethodOf(*request->GetDescriptor()), *context, *request,
                        *response);
}

bool Dispatcher::Has(absl::string_view method) const { return bound_.contains(method); }

std::shared_ptr<RunningCall> Dispatcher::Unary(absl::string_view method,
                                               DirectService::Options options, std::string request,
                                               Done done) {
  return StartDirectUnary(*shared_, *bound_.at(method), std::move(options), request,
                          std::move(done));
}

void Dispatcher::Shutdown() {
  shared_->stopping = true;
  shared_->streams.EndAll(Stopping());
  shared_->pool.Shutdown();
}

}  // namespace veche::rpc
