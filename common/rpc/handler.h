#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"

// Handlers and streams without their message types. ServiceBuilder makes them from typed ones; the
// rest of rpc knows only these. Private to rpc.

namespace veche::rpc {

// StreamWriter, StreamProducer and StreamSink of stream.h, for messages of any type.
class MessageWriter {
 public:
  virtual ~MessageWriter() = default;
  virtual bool Write(const google::protobuf::Message& message) = 0;
  virtual void Finish(absl::Status status) = 0;
  virtual void OnDone(std::function<void()> done) = 0;
};

class MessageProducer {
 public:
  virtual ~MessageProducer() = default;
  virtual absl::StatusOr<bool> Next(google::protobuf::Message& message) = 0;
};

class MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual absl::Status Append(const google::protobuf::Message& message) = 0;
  virtual absl::Status Finish(google::protobuf::Message& response) = 0;
};

using UnaryHandler = std::function<absl::Status(
    const Call&, const google::protobuf::Message& request, google::protobuf::Message& response)>;
using SubscribeHandler = std::function<absl::Status(
    const Call&, const google::protobuf::Message& request, std::shared_ptr<MessageWriter>)>;
using ProduceHandler = std::function<absl::StatusOr<std::unique_ptr<MessageProducer>>(
    const Call&, const google::protobuf::Message& request)>;
using ConsumeHandler = std::function<absl::StatusOr<std::unique_ptr<MessageSink>>(const Call&)>;

struct Handler {
  const google::protobuf::Message* request;  // default instances, to make messages from
  const google::protobuf::Message* response;
  std::variant<UnaryHandler, SubscribeHandler, ProduceHandler, ConsumeHandler> run;
};

}  // namespace veche::rpc
