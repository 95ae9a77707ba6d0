#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/redis/client.h"
#include "services/gateway/domain/rate_limiter.h"

namespace veche::gateway {

// How many requests an address and a caller may make: of this gateway always, and with Redis of all
// gateways together. Thread-safe.
class RateLimits {
 public:
  // Requests a second, up to a burst. A rate of zero or less is no limit.
  struct Rate {
    double rate;
    double burst;
  };
  struct Options {
    Rate address;
    Rate caller;
  };
  // `redis` is null when gateways share no limits; else it must outlive this object, and stop
  // before it is destroyed.
  RateLimits(const Options& options, const Clock& clock, redis::Client* redis);

  // Zero if this gateway allows the request, else the time until it would. `token` is "" for
  // guests.
  absl::Duration Take(absl::string_view address, absl::string_view token);

  // Whether a request that Take allows must also be allowed by TakeShared.
  bool shared() const { return redis_ != nullptr && !limits_.empty(); }
  // The same for all gateways together; allows the request when Redis does not answer. Takes from
  // both limits or from none. `done` is a Client::Callback.
  void TakeShared(absl::string_view address, absl::string_view token,
                  std::function<void(absl::Duration)> done);

 private:
  struct Limit {
    std::string space;  // begins the keys
    bool of_caller;
    std::string step, burst;  // microseconds of one request and of a whole burst
  };
  void AddLimit(const char* space, bool of_caller, const Rate& rate);

  RateLimiter addresses_;
  RateLimiter callers_;
  redis::Client* const redis_;
  std::vector<Limit> limits_;
  const redis::Script take_;
};

}  // namespace veche::gateway
