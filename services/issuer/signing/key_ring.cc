#include "services/issuer/signing/key_ring.h"

#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "services/issuer/domain/errors.h"

namespace veche::issuer {

absl::StatusOr<std::shared_ptr<const KeyRing::OpenKey>> KeyRing::Get(absl::string_view poll) {
  {
    absl::MutexLock lock(&mutex_);
    if (const auto found = keys_.find(poll); found != keys_.end()) return found->second;
  }
  std::optional<PollKey> stored;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(stored, store_.GetPollKey(transaction, poll));
    return absl::OkStatus();
  }));
  if (!stored) return PollKeyNotFound();
  if (stored->destroyed()) return PollClosed();
  ASSIGN_OR_RETURN(blind_rsa::PrivateKey key, vault_.OpenPollKey(poll, stored->sealed_key));
  auto open = std::make_shared<const OpenKey>(OpenKey{std::move(stored->poll), std::move(key)});
  absl::MutexLock lock(&mutex_);
  return keys_.try_emplace(poll, std::move(open)).first->second;
}

void KeyRing::Forget(absl::string_view poll) {
  absl::MutexLock lock(&mutex_);
  keys_.erase(poll);
}

void KeyRing::KeepOnly(const std::set<std::string, std::less<>>& polls) {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(keys_, [&](const auto& entry) { return polls.find(entry.first) == polls.end(); });
}

}  // namespace veche::issuer
