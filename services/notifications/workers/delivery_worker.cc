#include "services/notifications/workers/delivery_worker.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/sending/outcome.h"

namespace veche::notifications {
namespace {

constexpr char kName[] = "deliveries";
// After the database or the messages failed.
constexpr absl::Duration kPauseAfterError = absl::Seconds(5);
// What cannot be sent now comes back within this time, spread.
constexpr absl::Duration kSpread = absl::Seconds(2);

// A page keeps a provider busy for a few rounds. So one provider alone never has too many waiting,
// and several have room.
constexpr int kSmallestPage = 32;
constexpr int kPageFactor = 4;
constexpr int kMemoryFactor = 3;

}  // namespace

DeliveryWorker::DeliveryWorker(DeliveryWorkerOptions options, Parts parts)
    : options_(options),
      parts_(parts),
      page_(std::max(kSmallestPage, kPageFactor * options.limits.concurrency)),
      in_memory_(static_cast<size_t>(kMemoryFactor * page_)),
      metrics_(*parts.telemetry.metrics, options.channel),
      queue_(parts.client, options.limits,
             static_cast<size_t>(page_ + 2 * options.limits.concurrency),
             [this] { worker_.Wake(); }),
      worker_(observe::LoggedWorker(kName, parts.telemetry), [this] { return Step(); }) {}

absl::Duration DeliveryWorker::Step() {
  absl::Time now = parts_.clock.Now();
  TakeFinished(now);
  absl::Status status = Settle();
  if (status.ok() && ShouldLook(now)) status = ClaimAndAdd(now);
  now = parts_.clock.Now();
  const absl::Time next = Pump(now);
  if (status.ok()) status = Settle();
  metrics_.SetInMemory(under_way_.size());
  metrics_.SetOpenCircuits(queue_.open_circuits(now));
  if (!status.ok()) {
    parts_.telemetry.logger->Error("deliveries not sent", {{"error", status.ToString()}});
    return std::min(kPauseAfterError, PauseUntil(next, now));
  }
  return PauseUntil(next, now);
}

absl::Duration DeliveryWorker::PauseUntil(absl::Time next, absl::Time now) const {
  if (may_be_more_ && low() && !postponed_) return absl::ZeroDuration();
  return std::clamp(next - now, absl::ZeroDuration(), may_be_more_ ? options_.look : options_.poll);
}

void DeliveryWorker::TakeFinished(absl::Time now) {
  for (const RequestQueue::Finished& finished : queue_.Take(now)) {
    const auto job = under_way_.find(finished.ticket);
    if (finished.verdict.kind == Verdict::Kind::kGone) {
      gone_.push_back(job->second.first().endpoint);
    }
    Decide(job->second, finished.verdict, now);
    under_way_.erase(job);
  }
}

// Each answer of a provider makes a step; not each of them asks the database.
bool DeliveryWorker::ShouldLook(absl::Time now) {
  if (fresh_.exchange(false) || (may_be_more_ && low() && !postponed_)) return true;
  return now >= looked_ + (may_be_more_ ? options_.look : options_.poll);
}

absl::Status DeliveryWorker::ClaimAndAdd(absl::Time now) {
  looked_ = now;
  may_be_more_ = false;
  postponed_ = false;
  std::optional<absl::Time> due;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(due, parts_.store.NextDue(transaction, options_.channel));
    return absl::OkStatus();
  }));
  if (!due || *due > now) return absl::OkStatus();
  // Emergencies do not wait until others are sent.
  const bool full = under_way_.size() >= in_memory_;
  std::vector<Delivery> claimed;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(claimed,
                     parts_.store.Claim(transaction, options_.channel, now, options_.lease, page_,
                                        full ? Severity::kEmergency : Severity::kInfo));
    return absl::OkStatus();
  }));
  may_be_more_ = full || claimed.size() >= static_cast<size_t>(page_);
  return AddPage(ToJobs(std::move(claimed)), now);
}

absl::Status DeliveryWorker::AddPage(std::vector<Job> jobs, absl::Time now) {
  if (jobs.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<bool>> written = parts_.messages.Write(absl::MakeSpan(jobs));
  if (!written.ok()) {
    PostponeAll(jobs, now);
    return written.status();
  }
  std::vector<Job> sendable;
  for (size_t i = 0; i < jobs.size(); ++i) {
    if (!(*written)[i]) {
      Decide(jobs[i], {.kind = Verdict::Kind::kGone, .error = "WITHDRAWN"}, now);
    } else if (jobs[i].message.expire_time <= now) {
      Decide(jobs[i], {.kind = Verdict::Kind::kGone, .error = "TOO_LATE"}, now);
    } else {
      sendable.push_back(std::move(jobs[i]));
    }
  }
  absl::StatusOr<std::vector<Prepared>> prepared = parts_.requests.Prepare(sendable, now);
  if (!prepared.ok()) {
    PostponeAll(sendable, now);
    return prepared.status();
  }
  for (size_t i = 0; i < sendable.size(); ++i) {
    Job& job = sendable[i];
    Prepared& next = (*prepared)[i];
    if (next.provider.empty()) {
      if (next.verdict.kind == Verdict::Kind::kGone && next.verdict.error == "EXPIRED") {
        gone_.push_back(job.first().endpoint);
      }
      Decide(job, next.verdict, now);
      continue;
    }
    next.request.timeout = options_.request_timeout;
    queue_.Add(++last_ticket_, next.provider, job.message.severity, std::move(next.request));
    under_way_.emplace(last_ticket_, std::move(job));
  }
  return absl::OkStatus();
}

absl::Time DeliveryWorker::Pump(absl::Time now) {
  std::vector<RequestQueue::Postponed> postponed;
  const absl::Time next = queue_.Pump(now, postponed);
  for (const RequestQueue::Postponed& one : postponed) {
    const auto job = under_way_.find(one.ticket);
    Postpone(job->second, one.until);
    under_way_.erase(job);
  }
  postponed_ = !postponed.empty();
  return next;
}

void DeliveryWorker::Decide(const Job& job, const Verdict& verdict, absl::Time now) {
  const std::vector<Outcome> outcomes = OutcomesOf(job, verdict, now, Random());
  metrics_.Count(outcomes.front().state, now - job.first().create_time);
  outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
}

void DeliveryWorker::Postpone(const Job& job, absl::Time until) {
  metrics_.CountPostponed();
  const std::vector<Outcome> outcomes = PostponedOutcomes(job, until + kSpread * Random());
  outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
}

void DeliveryWorker::PostponeAll(absl::Span<const Job> jobs, absl::Time now) {
  may_be_more_ = false;
  for (const Job& job : jobs) Postpone(job, now + kPauseAfterError);
}

absl::Status DeliveryWorker::Settle() {
  if (!gone_.empty()) {
    RETURN_IF_ERROR(parts_.requests.Forget(gone_));
    gone_.clear();
  }
  if (outcomes_.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(parts_.database.Write(
      [&](sql::Transaction& transaction) { return parts_.store.Settle(transaction, outcomes_); }));
  outcomes_.clear();
  return absl::OkStatus();
}

}  // namespace veche::notifications
