#include "services/appeals/storage/rule_book.h"

#include "common/base/status_macros.h"

namespace veche::appeals {

absl::StatusOr<std::shared_ptr<const RuleSet>> RuleBook::Get() {
  ASSIGN_OR_RETURN(const int64_t newest, store_.NewestVersion());
  {
    absl::MutexLock lock(&mutex_);
    if (version_ >= newest) return rules_;
  }
  ASSIGN_OR_RETURN(StoredRules stored, store_.Get(0));
  auto rules = std::make_shared<const RuleSet>(std::move(stored.rules));
  absl::MutexLock lock(&mutex_);
  if (stored.version > version_) {
    version_ = stored.version;
    rules_ = std::move(rules);
  }
  return rules_;
}

}  // namespace veche::appeals
