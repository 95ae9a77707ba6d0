#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/events/event_log.h"
#include "services/notifications/domain/notice.h"
#include "veche/notifications/v1/notifications.pb.h"

// Between the wire (v1::X, events) and the domain. Pure functions.

namespace veche::notifications {

// Nullopt when the event's data is not what appeals writes.
std::optional<Happening> FromEvent(const events::Event& event);

// A notice's number as ids have it: sixteen digits, so that ids sort as numbers do.
std::string ToId(int64_t seq);
std::optional<int64_t> FromId(absl::string_view id);

v1::Notification ToWire(const Notice& notice, absl::string_view language);
v1::WatchNotificationsResponse ToWatchResponse(const Notice& notice, absl::string_view language);

// Page tokens hold the number of the page's last notice and whether the list is of unread ones. A
// violation for one that is none or of another list; "" is from the newest.
std::string ToPageToken(int64_t last, bool unread);
int64_t FromPageToken(absl::string_view token, bool unread, Violations& violations);

}  // namespace veche::notifications
