#include "services/notifications/domain/polling_event.h"

#include <algorithm>
#include <iterator>

namespace veche::notifications {
namespace {

constexpr absl::Duration kOldest = absl::Hours(24);

// The events that give a notice, with their audiences and the ids of their titles in the catalogue.
struct Kind {
  PollingEventType type;
  Audience audience;
  const char* title;
};
constexpr Kind kKinds[] = {
    {PollingEventType::kPollOpened, Audience::kDistricts, "NEWS_POLL_OPENED"},
    {PollingEventType::kPollClosingSoon, Audience::kDistricts, "NEWS_POLL_CLOSING_SOON"},
    {PollingEventType::kPollClosed, Audience::kDistricts, "NEWS_POLL_CLOSED"},
    {PollingEventType::kInitiativeApproved, Audience::kFollowers, "NEWS_INITIATIVE_APPROVED"},
    {PollingEventType::kInitiativeRejected, Audience::kFollowers, "NEWS_INITIATIVE_REJECTED"},
    {PollingEventType::kInitiativeThresholdReached, Audience::kFollowers,
     "NEWS_INITIATIVE_THRESHOLD_REACHED"},
    {PollingEventType::kInitiativeExpired, Audience::kFollowers, "NEWS_INITIATIVE_EXPIRED"},
    {PollingEventType::kInitiativeWithdrawn, Audience::kFollowers, "NEWS_INITIATIVE_WITHDRAWN"},
    {PollingEventType::kInitiativeAccepted, Audience::kFollowers, "NEWS_INITIATIVE_ACCEPTED"},
    {PollingEventType::kInitiativeDeclined, Audience::kFollowers, "NEWS_INITIATIVE_DECLINED"},
    {PollingEventType::kInitiativeStageAdded, Audience::kFollowers, "NEWS_INITIATIVE_STAGE_ADDED"},
    {PollingEventType::kInitiativeMerged, Audience::kFollowers, "NEWS_INITIATIVE_MERGED"},
    {PollingEventType::kInitiativeResponseOverdue, Audience::kFollowers,
     "NEWS_INITIATIVE_RESPONSE_OVERDUE"},
    {PollingEventType::kCommentCreated, Audience::kNobodyElse, "NEWS_COMMENT_ANSWERED"},
    {PollingEventType::kCommentHidden, Audience::kNobodyElse, "NEWS_COMMENT_HIDDEN"},
};

const Kind* FindKind(PollingEventType type) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [type](const Kind& kind) { return kind.type == type; });
  return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace

FollowChange FollowChangeOf(const PollingEvent& event) {
  switch (event.parsed_type) {
    case PollingEventType::kInitiativeSupported:
      return event.residents.empty() ? FollowChange::kNone : FollowChange::kSupport;
    case PollingEventType::kInitiativeUnsupported:
      return event.residents.empty() ? FollowChange::kNone : FollowChange::kUnsupport;
    case PollingEventType::kInitiativeMerged:
      return event.merged_into.empty() ? FollowChange::kNone : FollowChange::kCopyFollowers;
    default:
      return FollowChange::kNone;
  }
}

std::optional<News> NewsOf(const PollingEvent& event, absl::Time now) {
  const Kind* kind = FindKind(event.parsed_type);
  if (kind == nullptr || now - event.time > kOldest) return std::nullopt;
  return News{.id = event.id,
              .type = event.type,
              .subject = event.subject,
              .titles = event.titles,
              .residents = event.residents,
              .audience = kind->audience,
              .districts = event.districts,
              .time = event.time};
}

Text TitleOf(PollingEventType type, absl::string_view title) {
  const Kind* kind = FindKind(type);
  return kind == nullptr ? Text(title) : Text(kind->title, {{"title", title}});
}

}  // namespace veche::notifications
