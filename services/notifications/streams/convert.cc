#include "services/notifications/streams/convert.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/api/timestamp.h"
#include "common/events/type_name.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::notifications {
namespace {

constexpr size_t kIdDigits = 16;

using Wire = appeals::v1::AppealEvent;

constexpr bool Same(AppealEventType domain, Wire::Type wire) {
  return static_cast<int>(domain) == static_cast<int>(wire);
}
static_assert(Same(AppealEventType::kAssigned, Wire::ASSIGNED));
static_assert(Same(AppealEventType::kStarted, Wire::STARTED));
static_assert(Same(AppealEventType::kInfoRequested, Wire::INFO_REQUESTED));
static_assert(Same(AppealEventType::kResolved, Wire::RESOLVED));
static_assert(Same(AppealEventType::kRejected, Wire::REJECTED));
static_assert(Same(AppealEventType::kForwarded, Wire::FORWARDED));
static_assert(Same(AppealEventType::kMerged, Wire::MERGED));
static_assert(Same(AppealEventType::kReopened, Wire::REOPENED));
static_assert(Same(AppealEventType::kClosed, Wire::CLOSED));
static_assert(Same(AppealEventType::kMessaged, Wire::MESSAGED));
static_assert(Same(AppealEventType::kSupported, Wire::SUPPORTED));
static_assert(Same(AppealEventType::kUnsupported, Wire::UNSUPPORTED));
static_assert(Same(AppealEventType::kFollowed, Wire::FOLLOWED));
static_assert(Same(AppealEventType::kUnfollowed, Wire::UNFOLLOWED));

}  // namespace

AppealEventType ParseEventType(absl::string_view type) {
  return static_cast<AppealEventType>(events::ParseType<Wire::Type>(type));
}

std::string ToId(int64_t seq) { return absl::StrFormat("%016d", seq); }

std::optional<int64_t> FromId(absl::string_view id) {
  int64_t seq = 0;
  const bool digits =
      id.size() == kIdDigits && std::all_of(id.begin(), id.end(), absl::ascii_isdigit);
  if (!digits || !absl::SimpleAtoi(id, &seq)) return std::nullopt;
  return seq;
}

v1::Notification ToWire(const Notice& notice, const Texts& texts, absl::string_view language) {
  v1::Notification wire;
  wire.set_name(absl::StrCat("notifications/", ToId(notice.seq)));
  wire.set_type(notice.type);
  wire.set_subject(notice.appeal);
  wire.set_title(texts.Get(TitleOf(ParseEventType(notice.type), notice.number), language));
  *wire.mutable_create_time() = api::ToTimestamp(notice.create_time);
  wire.set_read(notice.read);
  wire.set_appeal_number(notice.number);
  wire.set_appeal_state(notice.state);
  return wire;
}

v1::WatchNotificationsResponse ToWatchResponse(const Notice& notice, const Texts& texts,
                                               absl::string_view language) {
  v1::WatchNotificationsResponse response;
  *response.mutable_notification() = ToWire(notice, texts, language);
  response.set_event_id(ToId(notice.seq));
  return response;
}

}  // namespace veche::notifications
