#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/handler.h"
#include "common/rpc/invoke.h"
#include "common/rpc/stream.h"

namespace veche::rpc {

// A method of a service with its handler.
struct BoundMethod {
  const google::protobuf::MethodDescriptor* descriptor;
  Handler handler;
};

// Binds the methods of one gRPC service to handlers, once for gRPC and for direct calls:
//
//   ServiceBuilder("veche.appeals.v1.Appeals")
//       .Unary(author_calls, &AuthorCalls::CreateAppeal, &AuthorCalls::RateAppeal)
//       .Subscribe(watch_calls, &WatchCalls::WatchAppeal)
//
// The service's descriptor comes from the program's compiled protos. A handler is bound to the
// method with the same request type, response type and streaming, so a handler cannot be bound to a
// wrong method. The handlers' objects must outlive the dispatcher that serves them.
class ServiceBuilder {
 public:
  explicit ServiceBuilder(absl::string_view full_name) : service_(full_name) {}

  // absl::StatusOr<Response> Handlers::Method(const Call&, const Request&). A handler that checks
  // fields has a third parameter, Violations, with the violations that are known already (absent
  // REQUIRED fields, fields that the gateway could not read). The handler adds its own and returns
  // `violations.ToStatus()` before it changes anything, so that one answer names them all.
  template <typename Handlers, typename... Methods>
  ServiceBuilder& Unary(Handlers& handlers, Methods... methods) {
    (AddUnary(handlers, methods), ...);
    return *this;
  }

  // absl::Status Handlers::Method(const Call&, const Request&,
  // std::shared_ptr<StreamWriter<Response>>): subscribes the writer and returns; the stream stays
  // open until the writer is finished or the client leaves. An error ends it.
  template <typename Handlers, typename Request, typename Response>
  ServiceBuilder& Subscribe(Handlers& handlers, absl::Status (Handlers::*method)(
                                                    const Call&, const Request&,
                                                    std::shared_ptr<StreamWriter<Response>>));

  // absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> Handlers::Method(const Call&, const
  // Request&)
  template <typename Handlers, typename Request, typename Response>
  ServiceBuilder& Produce(Handlers& handlers,
                          absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> (
                              Handlers::*method)(const Call&, const Request&));

  // absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> Handlers::Method(const Call&)
  template <typename Handlers, typename Request, typename Response>
  ServiceBuilder& Consume(Handlers& handlers,
                          absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> (
                              Handlers::*method)(const Call&));

  // Every method of the service with its handler, in the descriptor's order. FailedPrecondition,
  // naming the methods, when a method has no handler or more than one, a handler has no method, or
  // two methods have the same types; also when the program has no such service.
  absl::StatusOr<std::vector<BoundMethod>> Build() const;

 private:
  template <typename Handlers, typename Request, typename Response, typename... More>
  void AddUnary(Handlers& handlers,
                absl::StatusOr<Response> (Handlers::*method)(const Call&, const Request&, More...));
  template <typename Request, typename Response, typename Run>
  ServiceBuilder& Add(Run run) {
    handlers_.push_back(
        {&Request::default_instance(), &Response::default_instance(), std::move(run)});
    return *this;
  }

  std::string service_;
  std::vector<Handler> handlers_;
};

// Implementation only from here on.

template <typename Response>
class TypedWriter final : public StreamWriter<Response> {
 public:
  explicit TypedWriter(std::shared_ptr<MessageWriter> writer) : writer_(std::move(writer)) {}
  bool Write(Response message) override { return writer_->Write(message); }
  void Finish(absl::Status status) override { writer_->Finish(std::move(status)); }
  void OnDone(std::function<void()> done) override { writer_->OnDone(std::move(done)); }

 private:
  const std::shared_ptr<MessageWriter> writer_;
};

template <typename Response>
class UntypedProducer final : public MessageProducer {
 public:
  explicit UntypedProducer(std::unique_ptr<StreamProducer<Response>> producer)
      : producer_(std::move(producer)) {}
  absl::StatusOr<bool> Next(google::protobuf::Message& message) override {
    return producer_->Next(static_cast<Response&>(message));
  }

 private:
  const std::unique_ptr<StreamProducer<Response>> producer_;
};

template <typename Request, typename Response>
class UntypedSink final : public MessageSink {
 public:
  explicit UntypedSink(std::unique_ptr<StreamSink<Request, Response>> sink)
      : sink_(std::move(sink)) {}
  absl::Status Append(const google::protobuf::Message& message) override {
    return sink_->Append(static_cast<const Request&>(message));
  }
  absl::Status Finish(google::protobuf::Message& response) override {
    ASSIGN_OR_RETURN(static_cast<Response&>(response), sink_->Finish());
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<StreamSink<Request, Response>> sink_;
};

template <typename Handlers, typename Request, typename Response, typename... More>
void ServiceBuilder::AddUnary(Handlers& handlers, absl::StatusOr<Response> (Handlers::*method)(
                                                      const Call&, const Request&, More...)) {
  Add<Request, Response>(
      UnaryHandler([&handlers, method](const Call& call, const google::protobuf::Message& request,
                                       google::protobuf::Message& response) -> absl::Status {
        ASSIGN_OR_RETURN(static_cast<Response&>(response),
                         Invoke(handlers, method, call, static_cast<const Request&>(request)));
        return absl::OkStatus();
      }));
}

template <typename Handlers, typename Request, typename Response>
ServiceBuilder& ServiceBuilder::Subscribe(
    Handlers& handlers, absl::Status (Handlers::*method)(const Call&, const Request&,
                                                         std::shared_ptr<StreamWriter<Response>>)) {
  return Add<Request, Response>(SubscribeHandler(
      [&handlers, method](const Call& call, const google::protobuf::Message& request,
                          std::shared_ptr<MessageWriter> writer) {
        return (handlers.*method)(call, static_cast<const Request&>(request),
                                  std::make_shared<TypedWriter<Response>>(std::move(writer)));
      }));
}

template <typename Handlers, typename Request, typename Response>
ServiceBuilder& ServiceBuilder::Produce(Handlers& handlers,
                                        absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> (
                                            Handlers::*method)(const Call&, const Request&)) {
  return Add<Request, Response>(
      ProduceHandler([&handlers, method](const Call& call, const google::protobuf::Message& request)
                         -> absl::StatusOr<std::unique_ptr<MessageProducer>> {
        ASSIGN_OR_RETURN(auto producer,
                         (handlers.*method)(call, static_cast<const Request&>(request)));
        return std::make_unique<UntypedProducer<Response>>(std::move(producer));
      }));
}

template <typename Handlers, typename Request, typename Response>
ServiceBuilder& ServiceBuilder::Consume(
    Handlers& handlers, absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> (
                            Handlers::*method)(const Call&)) {
  return Add<Request, Response>(ConsumeHandler(
      [&handlers, method](const Call& call) -> absl::StatusOr<std::unique_ptr<MessageSink>> {
        ASSIGN_OR_RETURN(auto sink, (handlers.*method)(call));
        return std::make_unique<UntypedSink<Request, Response>>(std::move(sink));
      }));
}

}  // namespace veche::rpc
