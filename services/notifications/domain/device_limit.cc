#include "services/notifications/domain/device_limit.h"

namespace veche::notifications {
namespace {

constexpr size_t kMostAddresses = 100'000;

}  // namespace

bool DeviceLimit::Take(absl::string_view address, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (now - begin_ >= absl::Hours(1)) {
    begin_ = now;
    taken_.clear();
  }
  const auto found = taken_.find(address);
  if (found == taken_.end()) {
    if (taken_.size() >= kMostAddresses) return false;
    taken_.emplace(address, 1);
    return true;
  }
  if (found->second >= most_) return false;
  ++found->second;
  return true;
}

}  // namespace veche::notifications
