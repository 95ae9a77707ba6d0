#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "common/events/consumer.h"

namespace veche::events {

struct RemoteOptions {
  std::string log;       // service that owns the log: "appeals"
  std::string consumer;  // name under which the owner keeps events for us: "notifications"
  // Adds the caller's identity to the metadata of each call. May be empty.
  std::function<void(grpc::ClientContext&)> prepare;
};

// A source that follows another service's log through veche.events.v1.EventLog. Opens a stream at
// the first Next and again after each loss; has no thread of its own. Next and Newest return the
// status of a failed stream, Unavailable when the connection is lost.
std::unique_ptr<Source> RemoteSource(std::shared_ptr<grpc::Channel> channel, RemoteOptions options);

}  // namespace veche::events
