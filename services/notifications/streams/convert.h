#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
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

// A page token holds the number of the page's last notice and whether the list was of unread ones.
// FromPageToken returns the number; the largest int64 for an empty token, so that the list starts
// with the newest notice. It adds a violation for any other text and for a token of the other list.
std::string ToPageToken(int64_t last, bool unread);
int64_t FromPageToken(absl::string_view token, bool unread, Violations& violations);

}  // namespace veche::notifications
