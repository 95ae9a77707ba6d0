#include "services/notifications/domain/appeal_event.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace veche::notifications {
namespace {

// The events that give a notice, with the ids of their titles in the catalogue; the first one gives
// a receipt alone.
struct TitledType {
  AppealEventType type;
  const char* title;
};
constexpr TitledType kNews[] = {
    {AppealEventType::kSubmitted, "NEWS_SUBMITTED"},
    {AppealEventType::kAssigned, "NEWS_ASSIGNED"},
    {AppealEventType::kStarted, "NEWS_STARTED"},
    {AppealEventType::kInfoRequested, "NEWS_INFO_REQUESTED"},
    {AppealEventType::kResolved, "NEWS_RESOLVED"},
    {AppealEventType::kRejected, "NEWS_REJECTED"},
    {AppealEventType::kForwarded, "NEWS_FORWARDED"},
    {AppealEventType::kMerged, "NEWS_MERGED"},
    {AppealEventType::kReopened, "NEWS_REOPENED"},
    {AppealEventType::kMessaged, "NEWS_MESSAGED"},
    {AppealEventType::kClosed, "NEWS_CLOSED"},
    {AppealEventType::kEscalated, "NEWS_OVERDUE"},
    {AppealEventType::kLinked, "NEWS_LINKED"},
};

const TitledType* FindNews(AppealEventType type) {
  const auto* found = std::find_if(std::begin(kNews), std::end(kNews),
                                   [type](const TitledType& news) { return news.type == type; });
  return found == std::end(kNews) ? nullptr : found;
}

}  // namespace

FollowChange FollowChangeOf(const AppealEvent& event) {
  if (event.parsed_type == AppealEventType::kMerged && !event.merged_into.empty()) {
    return FollowChange::kCopyFollowers;
  }
  if (!absl::StartsWith(event.actor, "residents/")) return FollowChange::kNone;
  switch (event.parsed_type) {
    case AppealEventType::kFollowed:
      return FollowChange::kFollow;
    case AppealEventType::kSupported:
      return FollowChange::kSupport;
    case AppealEventType::kUnsupported:
      return FollowChange::kUnsupport;
    case AppealEventType::kUnfollowed:
      return FollowChange::kUnfollow;
    default:
      return FollowChange::kNone;
  }
}

bool IsNews(const AppealEvent& event) {
  switch (event.parsed_type) {
    case AppealEventType::kSubmitted:
      return false;
    case AppealEventType::kMessaged:
      return absl::StartsWith(event.actor, "staff/");
    case AppealEventType::kEscalated:
      return !event.department.empty();
    default:
      return FindNews(event.parsed_type) != nullptr;
  }
}

bool IsReceipt(const AppealEvent& event) {
  return event.parsed_type == AppealEventType::kSubmitted && !event.author.empty();
}

News NewsOf(const AppealEvent& event) {
  News news{.id = event.id,
            .type = event.type,
            .subject = event.appeal,
            .number = event.number,
            .state = event.state,
            .actor = event.actor,
            .audience = Audience::kFollowers,
            .time = event.time};
  if (!event.author.empty()) news.residents.push_back(event.author);
  return news;
}

Text TitleOf(AppealEventType type, absl::string_view number) {
  const TitledType* news = FindNews(type);
  return news == nullptr ? Text(number) : Text(news->title, {{"number", number}});
}

}  // namespace veche::notifications
