#include "services/notifications/workers/alert_fan_out.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::notifications {
namespace {

constexpr int kPage = 2000;       // subscribers whose deliveries are one transaction
constexpr int kWithdrawn = 5000;  // deliveries that are withdrawn in one transaction
constexpr absl::Duration kLease = absl::Seconds(30);
// Nobody wakes the thread for posts that another process left.
constexpr absl::Duration kPoll = absl::Seconds(2);

}  // namespace

AlertFanOuts::AlertFanOuts(Parts parts)
    : parts_(std::move(parts)),
      worker_(observe::LoggedWorker("alert-fan-out", parts_.telemetry), [this] { return Step(); }) {
}

absl::StatusOr<bool> AlertFanOuts::WriteNext() {
  std::optional<AlertFanOut> fan_out;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(fan_out,
                     parts_.fan_outs.Claim(transaction, parts_.owner, parts_.clock.Now(), kLease));
    return absl::OkStatus();
  }));
  if (!fan_out) return true;
  if (fan_out->position == 0) RETURN_IF_ERROR(WithdrawReplaced(fan_out->seq));
  RETURN_IF_ERROR(WritePage(*fan_out));
  return false;
}

absl::Status AlertFanOuts::WithdrawReplaced(int64_t seq) {
  std::vector<int64_t> replaced;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(replaced, parts_.fan_outs.ListReplaced(transaction, seq));
    return absl::OkStatus();
  }));
  for (const int64_t post : replaced) {
    int64_t withdrawn = 0;
    do {
      RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
        ASSIGN_OR_RETURN(withdrawn, parts_.deliveries.Withdraw(transaction, post, kWithdrawn));
        return absl::OkStatus();
      }));
    } while (withdrawn == kWithdrawn);
  }
  return absl::OkStatus();
}

absl::Status AlertFanOuts::WritePage(const AlertFanOut& fan_out) {
  std::optional<AlertPost> post;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(post, parts_.alerts.GetPost(transaction, fan_out.seq));
    return absl::OkStatus();
  }));
  std::vector<uint32_t> subscribers;
  if (post) {
    // Whoever subscribed before the post was published must be found.
    RETURN_IF_ERROR(parts_.subscriptions.Refresh());
    subscribers = parts_.subscriptions.Find({.topic = post->topic,
                                             .districts = post->districts,
                                             .channels = kSentChannels,
                                             .after = static_cast<uint32_t>(fan_out.position),
                                             .limit = kPage});
  }
  const bool last = subscribers.size() < kPage;
  return parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    const absl::Time now = parts_.clock.Now();
    const int64_t end = subscribers.empty() ? fan_out.position : subscribers.back();
    ASSIGN_OR_RETURN(const bool mine,
                     parts_.fan_outs.Advance(transaction, fan_out.seq, parts_.owner,
                                             fan_out.position, end, now, kLease));
    if (!mine) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool current, parts_.fan_outs.IsCurrent(transaction, fan_out.seq));
    if (!current) return parts_.fan_outs.Finish(transaction, fan_out.seq);
    RETURN_IF_ERROR(parts_.writer.AddPost(transaction, *post, subscribers, now));
    if (last) RETURN_IF_ERROR(parts_.fan_outs.Finish(transaction, fan_out.seq));
    transaction.OnCommit(parts_.on_deliveries);
    return absl::OkStatus();
  });
}

absl::Duration AlertFanOuts::Step() {
  const absl::StatusOr<bool> idle = WriteNext();
  if (!idle.ok()) {
    parts_.telemetry.logger->Error("deliveries of alerts not written",
                                   {{"error", idle.status().ToString()}});
  }
  return idle.ok() && !*idle ? absl::ZeroDuration() : kPoll;
}

}  // namespace veche::notifications
