#include "services/notifications/workers/contact_worker.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/sending/outcome.h"

namespace veche::notifications {
namespace {

constexpr absl::Duration kPauseAfterError = absl::Seconds(5);

}  // namespace

ContactWorker::ContactWorker(ContactWorkerOptions options, Parts parts)
    : options_(options),
      parts_(parts),
      metrics_(*parts.telemetry.metrics, Channel::kContact),
      worker_(observe::LoggedWorker("contacts", parts.telemetry), [this] { return Step(); }) {}

absl::Duration ContactWorker::Step() {
  const absl::StatusOr<bool> more = HandOver(parts_.clock.Now());
  if (more.ok()) return *more ? absl::ZeroDuration() : options_.poll;
  parts_.telemetry.logger->Error("messages not handed over", {{"error", more.status().ToString()}});
  return kPauseAfterError;
}

// True when more deliveries may be due.
absl::StatusOr<bool> ContactWorker::HandOver(absl::Time now) {
  std::optional<absl::Time> due;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(due, parts_.store.NextDue(transaction, Channel::kContact));
    return absl::OkStatus();
  }));
  if (!due || *due > now) return false;
  std::vector<Delivery> claimed;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(claimed, parts_.store.Claim(transaction, Channel::kContact, now,
                                                 options_.lease, options_.page));
    return absl::OkStatus();
  }));
  const bool more = claimed.size() >= static_cast<size_t>(options_.page);
  std::vector<Job> jobs = ToJobs(std::move(claimed));
  std::vector<Verdict> verdicts(jobs.size(),
                                {.kind = Verdict::Kind::kRetry, .error = "NOT_HANDED_OVER"});
  const absl::StatusOr<std::vector<bool>> written = parts_.messages.Write(absl::MakeSpan(jobs));
  if (!written.ok()) {
    RETURN_IF_ERROR(Settle(jobs, verdicts, now));
    return written.status();
  }
  std::vector<ContactMessage> messages;
  std::vector<size_t> places;
  for (size_t i = 0; i < jobs.size(); ++i) {
    if (!(*written)[i] || jobs[i].message.expire_time <= now) {
      verdicts[i] = {.kind = Verdict::Kind::kGone,
                     .error = (*written)[i] ? "TOO_LATE" : "WITHDRAWN"};
      continue;
    }
    messages.push_back({.key = jobs[i].key(),
                        .recipient = jobs[i].first().subscriber,
                        .message = jobs[i].message});
    places.push_back(i);
  }
  absl::StatusOr<std::vector<Verdict>> answers = std::vector<Verdict>();
  if (!messages.empty()) answers = parts_.contacts.Send(messages);
  if (answers.ok() && answers->size() != messages.size()) {
    answers = absl::InternalError("not a verdict for each message");
  }
  if (answers.ok()) {
    for (size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = std::move((*answers)[i]);
  }
  RETURN_IF_ERROR(Settle(jobs, verdicts, now));
  RETURN_IF_ERROR(answers.status());
  return more;
}

absl::Status ContactWorker::Settle(const std::vector<Job>& jobs,
                                   const std::vector<Verdict>& verdicts, absl::Time now) {
  std::vector<Outcome> outcomes;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const std::vector<Outcome> own =
        OutcomesOf(jobs[i], verdicts[i], now, absl::Uniform(random_, 0.0, 1.0));
    metrics_.Count(own.front().state, now - jobs[i].first().create_time);
    outcomes.insert(outcomes.end(), own.begin(), own.end());
  }
  return parts_.database.Write(
      [&](sql::Transaction& transaction) { return parts_.store.Settle(transaction, outcomes); });
}

}  // namespace veche::notifications
