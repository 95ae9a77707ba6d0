#include "services/polling/calls/opinion_cache.h"

#include "common/base/status_macros.h"

namespace veche::polling {
namespace {

constexpr int kRowsAtOnce = 20'000;

opinions::Opinion OpinionOf(StatementVote vote) {
  switch (vote) {
    case StatementVote::kAgree:
      return opinions::Opinion::kAgree;
    case StatementVote::kDisagree:
      return opinions::Opinion::kDisagree;
    default:
      return opinions::Opinion::kPass;
  }
}

std::shared_ptr<const ComputedMap> Compute(const opinions::VoteMatrix& matrix) {
  auto computed = std::make_shared<ComputedMap>();
  computed->map = opinions::ComputeOpinionMap(matrix);
  computed->statements.reserve(static_cast<size_t>(matrix.statements()));
  for (int i = 0; i < matrix.statements(); ++i) {
    computed->statements.push_back(matrix.statement_key(i));
  }
  for (int i = 0; i < matrix.people(); ++i) computed->participants += matrix.vote_count(i) > 0;
  return computed;
}

}  // namespace

std::shared_ptr<OpinionCache::Discussion> OpinionCache::Find(const std::string& initiative) {
  absl::MutexLock lock(&mutex_);
  if (const auto found = index_.find(initiative); found != index_.end()) {
    latest_.splice(latest_.begin(), latest_, found->second);
    return found->second->second;
  }
  latest_.emplace_front(initiative, std::make_shared<Discussion>());
  index_[initiative] = latest_.begin();
  if (latest_.size() > capacity_) {
    index_.erase(latest_.back().first);
    latest_.pop_back();
  }
  return latest_.front().second;
}

absl::StatusOr<bool> OpinionCache::Refresh(const std::string& initiative, Discussion& discussion) {
  bool changed = false;
  for (;;) {
    std::vector<StatementVoteRow> votes;
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(votes,
                       store_.ListChanges(transaction, initiative, discussion.seen, kRowsAtOnce));
      return absl::OkStatus();
    }));
    for (const StatementVoteRow& vote : votes) {
      const int statement = discussion.matrix.AddStatement(vote.statement);
      const int person = discussion.matrix.AddPerson(vote.resident);
      if (vote.hidden) {
        discussion.matrix.Clear(person, statement);
      } else {
        discussion.matrix.Set(person, statement, OpinionOf(vote.vote));
      }
    }
    if (votes.empty()) return changed;
    changed = true;
    discussion.seen = votes.back();
    if (votes.size() < kRowsAtOnce) return changed;
  }
}

absl::StatusOr<std::shared_ptr<const ComputedMap>> OpinionCache::Get(
    const std::string& initiative) {
  const std::shared_ptr<Discussion> discussion = Find(initiative);
  // Others who ask for the same map wait, and find it computed.
  absl::MutexLock lock(&discussion->mutex);
  ASSIGN_OR_RETURN(const bool changed, Refresh(initiative, *discussion));
  if (changed || discussion->computed == nullptr) {
    discussion->computed = Compute(discussion->matrix);
  }
  return discussion->computed;
}

}  // namespace veche::polling
