#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/direct.h"
#include "veche/config/v1/config.pb.h"

namespace grpc {
class Channel;
class Server;
}  // namespace grpc

namespace veche::rpc {

// Finds other services: in this process over an in-process channel, else at the configured address.
// No other code knows which. Thread-safe.
class Channels {
 public:
  explicit Channels(const config::v1::Config& config) : config_(config) {}

  // Makes a service of this process known once its server runs; `server` and `direct` (may be null)
  // must outlive their callers.
  void AddLocal(absl::string_view service, grpc::Server& server, DirectService* direct = nullptr);

  // Whether `service` is here or configured.
  bool Knows(absl::string_view service);

  // A channel to `service`; where it is neither here nor configured, one on which every call is
  // Unavailable.
  std::shared_ptr<grpc::Channel> For(absl::string_view service);

  // The service itself where it is in this process and takes direct calls, else null. For callers
  // to whom the transport between is a large part of the work.
  DirectService* DirectTo(absl::string_view service);

 private:
  const config::v1::Config& config_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>, std::less<>> channels_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, DirectService*, std::less<>> direct_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::rpc
