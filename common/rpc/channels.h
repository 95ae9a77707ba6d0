#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/direct.h"
#include "veche/config/v1/config.pb.h"

namespace grpc {
class Channel;
class Server;
}  // namespace grpc

namespace veche::rpc {

// Finds other services: in this process over an in-process channel, else at the configured
// addresses, over which the calls are spread (target.h). With TLS a certificate must be valid for
// the host of the address; for a list of addresses, for the DNS name that is the service's name. A
// replica that does not answer pings gets no calls after a second, and the calls that it has fail
// as Unavailable. No other code knows where a service is. Thread-safe.
class Channels {
 public:
  // `services` are the full names of all gRPC services that are called over the network; calls of
  // others are never repeated (service_config.h).
  explicit Channels(const config::v1::Config& config,
                    const std::vector<std::string>& services = {});

  // Registers a service of this process whose server runs. `server` and `direct` (may be null) must
  // outlive all calls through this object.
  void AddLocal(absl::string_view service, grpc::Server& server, DirectService* direct = nullptr);

  // Whether `service` is in this process or has a configured address.
  bool Knows(absl::string_view service);

  // A channel to `service`, never null. When the service is neither in this process nor configured,
  // every call on the channel fails with Unavailable.
  std::shared_ptr<grpc::Channel> For(absl::string_view service);

  // The service itself if it is in this process and accepts direct calls, else null. For callers
  // for which gRPC's transport would be a large part of the cost.
  DirectService* DirectTo(absl::string_view service);

 private:
  const config::v1::Config& config_;
  const std::string service_config_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>, std::less<>> channels_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, DirectService*, std::less<>> direct_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::rpc
