#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "common/events/consumer.h"

namespace veche::events {

struct RemoteOptions {
  std::string log;       // whose log it is: "appeals"
  std::string consumer;  // who follows, for that service's pruning: "notifications"
  // Puts the caller's identity into each call (metadata).
  std::function<void(grpc::ClientContext&)> prepare;
};

// Follows another service's log through veche.events.v1.EventLog. Connects when it is first asked
// for events, and again after any loss; holds no thread of its own.
std::unique_ptr<Source> RemoteSource(std::shared_ptr<grpc::Channel> channel, RemoteOptions options);

}  // namespace veche::events
