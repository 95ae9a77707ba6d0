#pragma once

#include "absl/strings/string_view.h"
#include "services/notifications/domain/appeal_event.h"
#include "services/notifications/domain/polling_event.h"

namespace veche::notifications {

// The type of an event of appeals ("veche.appeals.resolved") and of polling
// ("veche.polling.poll_opened"). kUnknown for all others.
AppealEventType ParseAppealEventType(absl::string_view type);
PollingEventType ParsePollingEventType(absl::string_view type);

}  // namespace veche::notifications
