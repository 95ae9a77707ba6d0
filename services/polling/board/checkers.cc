#include "services/polling/board/checkers.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/polling/domain/errors.h"

namespace veche::polling {

absl::StatusOr<std::shared_ptr<const protocol::BallotChecker>> Checkers::For(
    absl::string_view poll) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = checkers_.find(poll);
    if (found != checkers_.end()) return found->second;
  }
  std::optional<Poll> stored;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(stored, polls_.Get(transaction, poll));
    return absl::OkStatus();
  }));
  if (!stored || stored->state == PollState::kDraft) {
    return PollNotFound(absl::StrCat("polls/", poll));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<protocol::BallotChecker> made,
                   protocol::BallotChecker::Create(stored->definition));
  const std::shared_ptr<const protocol::BallotChecker> checker = std::move(made);
  absl::MutexLock lock(&mutex_);
  if (checkers_.emplace(stored->id, checker).second) order_.push_back(stored->id);
  if (order_.size() > kMost) {
    checkers_.erase(order_.front());
    order_.pop_front();
  }
  return checker;
}

}  // namespace veche::polling
