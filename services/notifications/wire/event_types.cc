#include "services/notifications/wire/event_types.h"

#include "common/events/type_name.h"
#include "veche/appeals/v1/events.pb.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::notifications {
namespace {

using Wire = appeals::v1::AppealEvent;
using WirePolling = polling::v1::PollingEvent;

template <typename Domain, typename WireType>
constexpr bool Same(Domain domain, WireType wire) {
  return static_cast<int>(domain) == static_cast<int>(wire);
}
static_assert(Same(AppealEventType::kSubmitted, Wire::SUBMITTED));
static_assert(Same(AppealEventType::kEscalated, Wire::ESCALATED));
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
static_assert(Same(AppealEventType::kLinked, Wire::LINKED));
static_assert(Same(PollingEventType::kPollOpened, WirePolling::POLL_OPENED));
static_assert(Same(PollingEventType::kPollClosingSoon, WirePolling::POLL_CLOSING_SOON));
static_assert(Same(PollingEventType::kPollClosed, WirePolling::POLL_CLOSED));
static_assert(Same(PollingEventType::kInitiativeApproved, WirePolling::INITIATIVE_APPROVED));
static_assert(Same(PollingEventType::kInitiativeRejected, WirePolling::INITIATIVE_REJECTED));
static_assert(Same(PollingEventType::kInitiativeSupported, WirePolling::INITIATIVE_SUPPORTED));
static_assert(Same(PollingEventType::kInitiativeUnsupported, WirePolling::INITIATIVE_UNSUPPORTED));
static_assert(Same(PollingEventType::kInitiativeThresholdReached,
                   WirePolling::INITIATIVE_THRESHOLD_REACHED));
static_assert(Same(PollingEventType::kInitiativeExpired, WirePolling::INITIATIVE_EXPIRED));
static_assert(Same(PollingEventType::kInitiativeWithdrawn, WirePolling::INITIATIVE_WITHDRAWN));
static_assert(Same(PollingEventType::kInitiativeAccepted, WirePolling::INITIATIVE_ACCEPTED));
static_assert(Same(PollingEventType::kInitiativeDeclined, WirePolling::INITIATIVE_DECLINED));
static_assert(Same(PollingEventType::kInitiativeStageAdded, WirePolling::INITIATIVE_STAGE_ADDED));
static_assert(Same(PollingEventType::kInitiativeMerged, WirePolling::INITIATIVE_MERGED));
static_assert(Same(PollingEventType::kInitiativeResponseOverdue,
                   WirePolling::INITIATIVE_RESPONSE_OVERDUE));
static_assert(Same(PollingEventType::kCommentCreated, WirePolling::COMMENT_CREATED));
static_assert(Same(PollingEventType::kCommentHidden, WirePolling::COMMENT_HIDDEN));

}  // namespace

AppealEventType ParseAppealEventType(absl::string_view type) {
  return static_cast<AppealEventType>(events::ParseType<Wire::Type>(type));
}

PollingEventType ParsePollingEventType(absl::string_view type) {
  return static_cast<PollingEventType>(events::ParseType<WirePolling::Type>(type));
}

}  // namespace veche::notifications
