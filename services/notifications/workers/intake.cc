#include "services/notifications/workers/intake.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/domain/contact_notice.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr int kPage = 500;         // residents written in one transaction
constexpr int kBatchBudget = 8;    // unfinished events after which a batch writes no more pages
constexpr int kQueuedAtOnce = 16;  // events that the thread looks at
// Nobody wakes the thread for events that another replica left in the queue.
constexpr absl::Duration kPoll = absl::Seconds(2);
constexpr absl::Duration kPruneEvery = absl::Hours(1);
// Long enough for each process to have seen the end.
constexpr absl::Duration kKeepEndedSubscriptions = absl::Hours(24 * 7);

// Whether the service did not answer at all, so that the next call would wait as long.
bool IsSilent(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

Intake::Intake(Parts parts)
    : parts_(std::move(parts)),
      worker_(observe::LoggedWorker("notices-intake", parts_.telemetry),
              [this] { return RunStep(); }) {}

Intake::Step Intake::StepOf(const AppealEvent& event) {
  return {.change = FollowChangeOf(event),
          .follower = event.actor,
          .merged_into = event.merged_into,
          .receipt = IsReceipt(event) ? event.author : "",
          .tell = IsNews(event),
          .news = NewsOf(event)};
}

Intake::Step Intake::StepOf(const PollingEvent& event) const {
  std::optional<News> news = NewsOf(event, parts_.clock.Now());
  Step step{
      .change = FollowChangeOf(event),
      .merged_into = event.merged_into,
      .tell = news.has_value(),
      .news =
          news ? *std::move(news)
               : News{.subject = event.subject, .residents = event.residents, .time = event.time}};
  if (!event.residents.empty()) step.follower = event.residents.front();
  return step;
}

absl::StatusOr<events::Effect> Intake::DecideAppeals(absl::Span<const events::Event> batch) {
  return Decide(batch, ReadAppealEvent);
}

absl::StatusOr<events::Effect> Intake::DecidePolling(absl::Span<const events::Event> batch) {
  return Decide(batch, ReadPollingEvent);
}

template <typename Read>
events::Effect Intake::Decide(absl::Span<const events::Event> batch, Read read) {
  std::vector<Step> steps;
  for (const events::Event& event : batch) {
    if (const auto known = read(event)) {
      steps.push_back(StepOf(*known));
    } else {
      parts_.telemetry.logger->Error("event not understood",
                                     {{"event", event.id}, {"type", event.type}});
    }
  }
  return [this, steps = std::move(steps)](sql::Transaction& transaction) {
    int budget = kBatchBudget;
    for (const Step& step : steps) RETURN_IF_ERROR(Apply(transaction, step, budget));
    transaction.OnCommit(parts_.on_notices);
    return absl::OkStatus();
  };
}

absl::Status Intake::ChangeFollowers(sql::Transaction& transaction, const Step& step) {
  const News& news = step.news;
  switch (step.change) {
    case FollowChange::kNone:
      return absl::OkStatus();
    case FollowChange::kFollow:
      return parts_.store.Follow(transaction, news.subject, step.follower, news.time);
    case FollowChange::kSupport:
      return parts_.store.Support(transaction, news.subject, step.follower, news.time);
    case FollowChange::kUnsupport:
      return parts_.store.Unsupport(transaction, news.subject, step.follower);
    case FollowChange::kUnfollow:
      return parts_.store.Unfollow(transaction, news.subject, step.follower);
    case FollowChange::kCopyFollowers:
      RETURN_IF_ERROR(
          parts_.store.CopyFollowers(transaction, news.subject, step.merged_into, news.time));
      for (const std::string& author : news.residents) {
        RETURN_IF_ERROR(parts_.store.Follow(transaction, step.merged_into, author, news.time));
      }
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status Intake::WriteNotices(sql::Transaction& transaction, const News& news,
                                  absl::FunctionRef<absl::Status()> write) {
  ASSIGN_OR_RETURN(const int64_t before, parts_.store.Newest(transaction));
  RETURN_IF_ERROR(write());
  RETURN_IF_ERROR(DeliverToContacts(transaction, news, before));
  // Between the two numbers there may be notices of others, which have their deliveries already.
  ASSIGN_OR_RETURN(const int64_t last, parts_.store.Newest(transaction));
  return parts_.writer.AddNotices(transaction, before, last, parts_.clock.Now());
}

absl::Status Intake::Apply(sql::Transaction& transaction, const Step& step, int& budget) {
  RETURN_IF_ERROR(ChangeFollowers(transaction, step));
  if (!step.receipt.empty()) return WriteReceipt(transaction, step);
  if (!step.tell) return absl::OkStatus();
  RETURN_IF_ERROR(parts_.store.Enqueue(transaction, step.news));
  bool finished = false;
  if (step.news.audience != Audience::kDistricts) {
    if (budget > 0) {
      ASSIGN_OR_RETURN(finished, DeliverPage(transaction, step.news));
    }
    if (!finished) --budget;
  }
  if (!finished) transaction.OnCommit([this] { worker_.Wake(); });
  return absl::OkStatus();
}

absl::StatusOr<bool> Intake::DeliverPage(sql::Transaction& transaction, const News& news) {
  bool finished = false;
  RETURN_IF_ERROR(WriteNotices(transaction, news, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(finished, parts_.store.DeliverPage(transaction, news.id, kPage));
    return absl::OkStatus();
  }));
  return finished;
}

absl::Status Intake::WriteReceipt(sql::Transaction& transaction, const Step& step) {
  ASSIGN_OR_RETURN(const int64_t newest, parts_.store.Newest(transaction));
  RETURN_IF_ERROR(parts_.store.AddReceipt(transaction, step.news, step.receipt));
  return DeliverToContacts(transaction, step.news, newest);
}

absl::Status Intake::DeliverToContacts(sql::Transaction& transaction, const News& news,
                                       int64_t after) {
  if (!LeavesByContact(news.type)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto notices, parts_.contacts.NoticesOf(transaction, news.id, after));
  const absl::Time now = parts_.clock.Now();
  std::vector<NewDelivery> deliveries;
  deliveries.reserve(notices.size());
  for (const auto& [number, recipient] : notices) {
    deliveries.push_back({.id = parts_.ids.New(),
                          .subscriber = ResidentOf(recipient),
                          .channel = Channel::kContact,
                          .notice = number,
                          .due_time = now});
  }
  if (deliveries.empty()) return absl::OkStatus();
  return parts_.deliveries.AddBatch(transaction, deliveries, now).status();
}

absl::StatusOr<bool> Intake::DeliverQueued() {
  bool idle = true;
  for (const Audience audience : {Audience::kNobodyElse, Audience::kFollowers}) {
    ASSIGN_OR_RETURN(const bool none, DeliverFollowers(audience));
    idle = idle && none;
  }
  ASSIGN_OR_RETURN(const bool none, DeliverDistricts());
  return idle && none;
}

absl::StatusOr<bool> Intake::DeliverFollowers(Audience audience) {
  std::vector<QueuedNews> queued;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(queued, parts_.store.ListQueued(transaction, audience, kQueuedAtOnce));
    return absl::OkStatus();
  }));
  for (const QueuedNews& next : queued) {
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      transaction.OnCommit(parts_.on_notices);
      return DeliverPage(transaction, next.news).status();
    }));
  }
  return queued.empty();
}

absl::StatusOr<bool> Intake::DeliverDistricts() {
  std::vector<QueuedNews> queued;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(queued,
                     parts_.store.ListQueued(transaction, Audience::kDistricts, kQueuedAtOnce));
    return absl::OkStatus();
  }));
  absl::Status failure;
  std::set<absl::string_view> begun;  // later events of a subject wait for the earlier ones
  for (const QueuedNews& next : queued) {
    if (!begun.insert(next.news.subject).second) continue;
    const absl::StatusOr<Residents::Page> page =
        parts_.residents.List(next.news.districts, next.position, kPage);
    if (IsSilent(page.status())) return page.status();
    if (!page.ok()) {
      failure = page.status();
      continue;
    }
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
      transaction.OnCommit(parts_.on_notices);
      return WriteNotices(transaction, next.news, [&] {
        return parts_.store.DeliverTo(transaction, next.news.id, next.position, page->residents,
                                      page->last);
      });
    }));
  }
  RETURN_IF_ERROR(failure);
  return queued.empty();
}

absl::Duration Intake::RunStep() {
  const absl::StatusOr<bool> finished = DeliverQueued();
  if (!finished.ok()) {
    parts_.telemetry.logger->Error("notices not delivered",
                                   {{"error", finished.status().ToString()}});
  }
  if (parts_.clock.Now() - pruned_ >= kPruneEvery) {
    Prune();
    pruned_ = parts_.clock.Now();
  }
  return finished.ok() && !*finished ? absl::ZeroDuration() : kPoll;
}

void Intake::Prune() {
  const absl::Time now = parts_.clock.Now();
  absl::Status status = parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.store.Prune(transaction, now - kNoticesKept));
    RETURN_IF_ERROR(parts_.feed.Prune(transaction, now - kNoticesKept));
    return parts_.subscriptions.Prune(transaction, now - kKeepEndedSubscriptions);
  });
  if (!status.ok()) {
    parts_.telemetry.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
}

}  // namespace veche::notifications
