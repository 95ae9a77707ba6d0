#pragma once

#include "absl/time/time.h"

namespace veche::notifications {

struct ProviderLimits {
  int concurrency = 16;  // requests at once
  double rate = 500;     // requests a second
};

// When requests to one provider may begin: its limits, and a circuit breaker that leaves a provider
// alone which fails again and again. After a pause one request tries whether it is well. Pure: the
// time is passed in. Not thread-safe.
class ProviderGate {
 public:
  explicit ProviderGate(const ProviderLimits& limits) : limits_(limits) {}

  // From when on a request may begin; InfiniteFuture() when one must end first.
  absl::Time ReadyAt(absl::Time now) const;
  // Until when nobody should wait for the provider; InfinitePast() when its circuit is closed.
  absl::Time OpenUntil(absl::Time now) const;

  void Begin(absl::Time now);
  // `well`: whether the provider answered as a provider in health does, also if it refused.
  void End(absl::Time now, bool well);
  // The provider wants no requests until `until`.
  void Rest(absl::Time until);

  bool idle(absl::Time now) const;  // nothing to remember

 private:
  bool probing() const { return trips_ > 0; }

  const ProviderLimits limits_;
  int running_ = 0;
  absl::Time next_ = absl::InfinitePast();  // by the rate
  int failures_ = 0;                        // in a row
  int trips_ = 0;                           // of the circuit since the provider was well
  absl::Time open_until_ = absl::InfinitePast();
};

}  // namespace veche::notifications
