#include "services/polling/workers/poll_schedule.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::polling {
namespace {

// The issuer in whose lane the poll is: of those that it names, the last in the configuration. A
// poll of the city's issuer alone, which comes first, so never waits for another body's issuer.
size_t LaneOf(const Poll& poll, const std::vector<std::string>& issuers) {
  for (size_t i = issuers.size(); i-- > 1;) {
    const auto is_this = [&](const auto& issuer) { return issuer.name == issuers[i]; };
    if (absl::c_any_of(poll.definition.issuers, is_this)) return i;
  }
  return 0;
}

}  // namespace

PollSchedule::PollSchedule(const Parts& parts) : parts_(parts) {
  AddLane(
      "poll-clock", [this] { return ListDue(); }, &Lifecycle::KeepTime);
  for (size_t i = 0; i < parts_.issuers.size(); ++i) {
    AddLane(
        absl::StrCat("poll-issuer-", parts_.issuers[i]),
        [this, i] {
          return ListUnfinished([&](const Poll& poll, bool recorded) {
            return !recorded && LaneOf(poll, parts_.issuers) == i;
          });
        },
        &Lifecycle::AskIssuers);
  }
  AddLane(
      "poll-count",
      [this] { return ListUnfinished([](const Poll&, bool recorded) { return recorded; }); },
      &Lifecycle::Count);
}

void PollSchedule::AddLane(std::string name, std::function<Ids()> list,
                           absl::Status (Lifecycle::*step)(absl::string_view)) {
  lanes_.push_back(std::make_unique<PollLane>(PollLane::Parts{
      .name = std::move(name),
      .list = std::move(list),
      .step = [this, step](absl::string_view id) { return (parts_.lifecycle.*step)(id); },
      .on_progress = [this] { Wake(); },  // the poll may need another lane now
      .clock = parts_.clock,
      .telemetry = parts_.telemetry}));
}

void PollSchedule::Start() {
  for (const auto& lane : lanes_) lane->Start();
}

void PollSchedule::Wake() {
  for (const auto& lane : lanes_) lane->Wake();
}

void PollSchedule::Stop() {
  for (const auto& lane : lanes_) lane->RequestStop();
  for (const auto& lane : lanes_) lane->Stop();
}

PollSchedule::Ids PollSchedule::ListDue() {
  std::vector<std::string> due;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(due, parts_.polls.ListDue(transaction, parts_.clock.Now()));
    return absl::OkStatus();
  }));
  return due;
}

PollSchedule::Ids PollSchedule::ListUnfinished(
    absl::FunctionRef<bool(const Poll& poll, bool recorded)> wanted) {
  std::vector<Poll> polls;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(polls, parts_.polls.ListUnfinished(transaction));
    return absl::OkStatus();
  }));
  std::vector<std::string> ids;
  for (const Poll& poll : polls) {
    ASSIGN_OR_RETURN(const bool recorded, parts_.lifecycle.HasClosingRecord(poll));
    if (wanted(poll, recorded)) ids.push_back(poll.id);
  }
  return ids;
}

}  // namespace veche::polling
