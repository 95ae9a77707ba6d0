#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/texts.h"
#include "services/notifications/domain/notice.h"
#include "veche/notifications/v1/notifications.pb.h"

// Between the wire (v1::X) and the domain. Pure functions.

namespace veche::notifications {

// The type of an event of appeals: "veche.appeals.resolved".
AppealEventType ParseEventType(absl::string_view type);

// The id of the notice with this number: sixteen digits, so that ids sort like numbers. FromId
// returns nullopt for any other text.
std::string ToId(int64_t seq);
std::optional<int64_t> FromId(absl::string_view id);

v1::Notification ToWire(const Notice& notice, const Texts& texts, absl::string_view language);
v1::WatchNotificationsResponse ToWatchResponse(const Notice& notice, const Texts& texts,
                                               absl::string_view language);

}  // namespace veche::notifications
