#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/appeals/routing/rule_set.h"
#include "services/appeals/storage/rule_store.h"

namespace veche::appeals {

// The current rules, prepared for matching. Each Get costs one small query, so that rules that an
// administrator saves apply on all replicas at once. Thread-safe.
class RuleBook {
 public:
  // `store` must outlive it.
  explicit RuleBook(RuleStore& store) : store_(store) {}

  // Errors are the store's.
  absl::StatusOr<std::shared_ptr<const RuleSet>> Get();

 private:
  RuleStore& store_;
  absl::Mutex mutex_;
  int64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const RuleSet> rules_ ABSL_GUARDED_BY(mutex_) = std::make_shared<RuleSet>();
};

}  // namespace veche::appeals
