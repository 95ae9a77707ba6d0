#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/message.h"

namespace veche::notifications {

// The text that a browser's service worker gets, as JSON: {"title", "body", "reason", "link",
// "mute", "subject", "severity", "tag"}. `key` is the tag, by which a message that comes twice
// replaces itself. The body is shortened so that all fits into one push message.
std::string PushText(const Message& message, absl::string_view key);

// RFC 8030, 5.3: "low", "normal", "high".
absl::string_view UrgencyOf(Severity severity);
// RFC 8030, 5.2: for how many seconds the push service keeps the message for a browser that is off.
int64_t TtlOf(const Message& message, absl::Time now);

// "INFO", "WARNING", "EMERGENCY".
absl::string_view SeverityName(Severity severity);

}  // namespace veche::notifications
