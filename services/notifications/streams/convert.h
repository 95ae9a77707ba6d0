#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/texts.h"
#include "common/events/event_log.h"
#include "services/notifications/domain/appeal_event.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/domain/interest.h"
#include "services/notifications/domain/polling_event.h"
#include "services/notifications/inbox/feed_reader.h"
#include "veche/notifications/v1/notifications.pb.h"

// Between the wire (v1::X) and the domain. Pure functions.

namespace veche::notifications {

// Nullopt when the event's data is not what its log says.
std::optional<AppealEvent> ReadAppealEvent(const events::Event& event);
std::optional<PollingEvent> ReadPollingEvent(const events::Event& event);

// The id of the notice with this number: sixteen digits, so that ids sort like numbers. FromId
// returns nullopt for any other text.
std::string ToId(int64_t seq);
std::optional<int64_t> FromId(absl::string_view id);

// What a reader sees of alerts besides their own texts.
struct AlertContext {
  Interest interest;                             // of the reader
  const std::vector<Topic>* topics = nullptr;    // for their titles
  std::shared_ptr<const DistrictMap> districts;  // null: names stand for titles
};

// Why a reader gets the post.
Text WhyOf(const AlertPost& post, const AlertContext& context, absl::string_view language);

v1::Notification ToWire(const FeedItem& item, const AlertContext& context, const Texts& texts,
                        absl::string_view language);
v1::WatchNotificationsResponse ToWatchResponse(const FeedItem& item, const AlertContext& context,
                                               const Texts& texts, absl::string_view language);

}  // namespace veche::notifications
