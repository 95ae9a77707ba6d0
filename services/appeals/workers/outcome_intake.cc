#include "services/appeals/workers/outcome_intake.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::appeals {
namespace {

using polling::v1::PollingEvent;

// An appeal, by id, and the name of what it led to.
struct Link {
  std::string appeal;
  std::string outcome;
};

// What the event's appeals led to; "" for an event that says nothing about it.
std::string OutcomeOf(absl::string_view type, const PollingEvent& event) {
  switch (events::ParseType<PollingEvent::Type>(type)) {
    case PollingEvent::POLL_OPENED:
    case PollingEvent::INITIATIVE_APPROVED:
      return event.subject();
    case PollingEvent::INITIATIVE_MERGED:
      return event.merged_into();
    default:
      return "";
  }
}

}  // namespace

absl::StatusOr<events::Effect> OutcomeIntake::Decide(absl::Span<const events::Event> batch) const {
  std::vector<Link> links;
  for (const events::Event& event : batch) {
    PollingEvent data;
    if (!data.ParseFromString(event.data)) {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
      continue;
    }
    const std::string outcome = OutcomeOf(event.type, data);
    if (outcome.empty()) continue;
    for (const std::string& name : data.appeals()) {
      absl::StatusOr<std::string> id = ParseAppealName(name);
      if (id.ok()) links.push_back({*std::move(id), outcome});
    }
  }
  if (links.empty()) return events::Effect();
  // Two replicas lock appeals in the same order.
  std::stable_sort(links.begin(), links.end(),
                   [](const Link& a, const Link& b) { return a.appeal < b.appeal; });
  return [this, links = std::move(links)](sql::Transaction& transaction) -> absl::Status {
    const absl::Time now = WholeMicros(clock_.Now());
    for (const Link& link : links) {
      const auto add = [&](Appeal& appeal, Record& record) {
        AddOutcome(appeal, link.outcome, now, record);
        return absl::OkStatus();
      };
      const absl::Status linked = store_.Update(transaction, link.appeal, add).status();
      if (!absl::IsNotFound(linked)) RETURN_IF_ERROR(linked);
    }
    return absl::OkStatus();
  };
}

}  // namespace veche::appeals
