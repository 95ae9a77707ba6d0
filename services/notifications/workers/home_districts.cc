#include "services/notifications/workers/home_districts.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "veche/identity/v1/events.pb.h"

namespace veche::notifications {

using identity::v1::IdentityEvent;

HomeDistricts::HomeDistricts(SubscriptionStore& store, observe::Telemetry& telemetry,
                             std::function<void()> on_change)
    : store_(store), telemetry_(telemetry), on_change_(std::move(on_change)) {}

absl::StatusOr<events::Effect> HomeDistricts::Decide(absl::Span<const events::Event> batch) {
  std::vector<IdentityEvent> changes;
  for (const events::Event& event : batch) {
    if (events::ParseType<IdentityEvent::Type>(event.type) !=
        IdentityEvent::HOME_DISTRICT_CHANGED) {
      continue;
    }
    IdentityEvent data;
    if (data.ParseFromString(event.data) && !data.resident().empty()) {
      changes.push_back(std::move(data));
    } else {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
    }
  }
  if (changes.empty()) return events::Effect();
  return [this, changes = std::move(changes)](sql::Transaction& transaction) -> absl::Status {
    for (const IdentityEvent& change : changes) {
      RETURN_IF_ERROR(store_.SetHome(transaction, change.resident(), change.home_district(),
                                     /*only_unknown=*/false));
    }
    transaction.OnCommit(on_change_);
    return absl::OkStatus();
  };
}

}  // namespace veche::notifications
