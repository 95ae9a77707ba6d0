#include "services/identity/delivery/gate.h"

#include <algorithm>

namespace veche::identity {
namespace {

// So many failures in a row open the circuit.
constexpr int kFailures = 5;
constexpr absl::Duration kFirstPause = absl::Seconds(10);
constexpr absl::Duration kLongestPause = absl::Minutes(5);
// While one message tests the provider, the others look again after this time.
constexpr absl::Duration kWhileTrying = absl::Seconds(1);

}  // namespace

absl::Duration Gate::Enter(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (failures_ >= kFailures) {
    if (now < open_until_) return open_until_ - now;
    if (trying_) return kWhileTrying;
    trying_ = true;
  }
  Refill(now);
  if (rate_ > 0 && tokens_ < 1) {
    trying_ = false;
    return absl::Seconds((1 - tokens_) / rate_);
  }
  tokens_ -= 1;
  return absl::ZeroDuration();
}

void Gate::EnterUrgent(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  Refill(now);
  tokens_ -= 1;
}

void Gate::Report(bool success, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  trying_ = false;
  if (success) {
    failures_ = 0;
    return;
  }
  ++failures_;
  if (failures_ < kFailures) return;
  const int doublings = std::min(failures_ - kFailures, 5);
  open_until_ = now + std::min(kFirstPause * (1 << doublings), kLongestPause);
}

void Gate::Leave() {
  absl::MutexLock lock(&mutex_);
  trying_ = false;
  tokens_ += 1;
}

void Gate::Refill(absl::Time now) {
  if (rate_ <= 0) {
    tokens_ = Burst();
    return;
  }
  if (refilled_ == absl::InfinitePast()) refilled_ = now;
  tokens_ = std::min(Burst(), tokens_ + rate_ * absl::ToDoubleSeconds(now - refilled_));
  refilled_ = now;
}

}  // namespace veche::identity
