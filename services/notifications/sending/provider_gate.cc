#include "services/notifications/sending/provider_gate.h"

#include <algorithm>

namespace veche::notifications {
namespace {

constexpr int kMostFailures = 5;
constexpr absl::Duration kFirstPause = absl::Seconds(10);
constexpr absl::Duration kLongestPause = absl::Minutes(5);
// Requests that were not sent in this time may be sent at once.
constexpr absl::Duration kBurst = absl::Milliseconds(100);

}  // namespace

absl::Time ProviderGate::ReadyAt(absl::Time now) const {
  const int most = probing() ? 1 : limits_.concurrency;
  if (running_ >= most) return absl::InfiniteFuture();
  return std::max({now, next_, open_until_});
}

absl::Time ProviderGate::OpenUntil(absl::Time now) const {
  return open_until_ > now ? open_until_ : absl::InfinitePast();
}

void ProviderGate::Begin(absl::Time now) {
  ++running_;
  next_ = std::max(next_, now - kBurst) + absl::Seconds(1) / limits_.rate;
}

void ProviderGate::End(absl::Time now, bool well) {
  --running_;
  if (well) {
    failures_ = 0;
    trips_ = 0;
    return;
  }
  ++failures_;
  // Requests that were under way when the circuit opened say nothing new.
  if (now < open_until_ || (failures_ < kMostFailures && !probing())) return;
  absl::Duration pause = kFirstPause;
  for (int i = 0; i < trips_ && pause < kLongestPause; ++i) pause *= 2;
  ++trips_;
  open_until_ = now + std::min(pause, kLongestPause);
}

void ProviderGate::Rest(absl::Time until) { open_until_ = std::max(open_until_, until); }

bool ProviderGate::idle(absl::Time now) const {
  return running_ == 0 && failures_ == 0 && next_ <= now && open_until_ <= now;
}

}  // namespace veche::notifications
