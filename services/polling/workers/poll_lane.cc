#include "services/polling/workers/poll_lane.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kPoll = absl::Seconds(1);
// A poll that waits for long is logged again, so that its reason is found in the log of today.
constexpr absl::Duration kLogAgain = absl::Minutes(10);

}  // namespace

PollLane::PollLane(Parts parts)
    : parts_(std::move(parts)),
      worker_(observe::LoggedWorker(parts_.name, parts_.telemetry), [this] {
        const absl::Status status = RunOnce();
        (void)status;  // logged there; the next step tries again
        return kPoll;
      }) {}

absl::Status PollLane::RunOnce() {
  absl::StatusOr<std::vector<std::string>> polls = parts_.list();
  if (!polls.ok()) {
    parts_.telemetry.logger->Error("polls not listed",
                                   {{"step", parts_.name}, {"error", polls.status().ToString()}});
    return polls.status();
  }
  for (auto it = failures_.begin(); it != failures_.end();) {
    it = absl::c_linear_search(*polls, it->first) ? std::next(it) : failures_.erase(it);
  }
  std::stable_partition(polls->begin(), polls->end(), [this](const std::string& poll) {
    return failures_.find(poll) == failures_.end();
  });
  absl::Status last;
  for (const std::string& poll : *polls) {
    if (worker_.stopping()) break;
    const absl::Status status = parts_.step(poll);
    Note(poll, status);
    if (status.ok() && parts_.on_progress) parts_.on_progress();
    if (!status.ok()) last = status;
  }
  return last;
}

// Says why a poll waits: when it begins to wait, when the reason changes, and now and then.
void PollLane::Note(const std::string& poll, const absl::Status& status) {
  if (status.ok()) {
    failures_.erase(poll);
    return;
  }
  const std::string error = status.ToString();
  const absl::Time now = parts_.clock.Now();
  const auto found = failures_.find(poll);
  if (found != failures_.end() && found->second.error == error &&
      now < found->second.log_time + kLogAgain) {
    return;
  }
  failures_[poll] = {error, now};
  parts_.telemetry.logger->Error("poll waits",
                                 {{"poll", poll}, {"step", parts_.name}, {"error", error}});
}

}  // namespace veche::polling
