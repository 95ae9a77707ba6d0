#include "services/notifications/sending/outcome.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "services/notifications/domain/retry.h"

namespace veche::notifications {
namespace {

// After the time that a provider names, attempts come back spread over this.
constexpr absl::Duration kSpread = absl::Seconds(1);

DeliveryState StateOf(const Verdict& verdict, int attempt) {
  switch (verdict.kind) {
    case Verdict::Kind::kSent:
      return DeliveryState::kSent;
    case Verdict::Kind::kGone:
      return DeliveryState::kFailed;
    case Verdict::Kind::kRetry:
      if (attempt < kMostAttempts) return DeliveryState::kQueued;
      break;
    case Verdict::Kind::kRefused:
      break;
  }
  return DeliveryState::kDead;
}

}  // namespace

std::vector<Job> ToJobs(std::vector<Delivery> deliveries) {
  std::vector<Job> jobs;
  std::map<std::string, size_t> digests;  // by key
  for (Delivery& delivery : deliveries) {
    if (delivery.digest) {
      const auto [place, fresh] = digests.emplace(MessageKey(delivery), jobs.size());
      if (!fresh) {
        jobs[place->second].deliveries.push_back(std::move(delivery));
        continue;
      }
    }
    jobs.emplace_back().deliveries.push_back(std::move(delivery));
  }
  return jobs;
}

std::vector<Outcome> OutcomesOf(const Job& job, const Verdict& verdict, absl::Time now,
                                double random) {
  const int attempt = job.first().attempt;
  const DeliveryState state = StateOf(verdict, attempt);
  absl::Time due = now;
  if (state == DeliveryState::kQueued) {
    due += std::max(verdict.retry_after + kSpread * random, RetryPause(attempt, random));
  }
  std::vector<Outcome> outcomes;
  for (const Delivery& delivery : job.deliveries) {
    outcomes.push_back({.id = delivery.id,
                        .attempt = delivery.attempt,
                        .state = state,
                        .error = verdict.error,
                        .due_time = due});
  }
  return outcomes;
}

std::vector<Outcome> PostponedOutcomes(const Job& job, absl::Time until) {
  std::vector<Outcome> outcomes;
  for (const Delivery& delivery : job.deliveries) {
    outcomes.push_back({.id = delivery.id,
                        .attempt = delivery.attempt,
                        .state = DeliveryState::kQueued,
                        .error = delivery.error,
                        .due_time = until,
                        .postponed = true});
  }
  return outcomes;
}

}  // namespace veche::notifications
