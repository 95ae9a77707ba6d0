#include "services/notifications/domain/notice.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/substitute.h"

namespace veche::notifications {
namespace {

// The news and how they are called; $0 is the appeal's number.
struct Titles {
  AppealEventType type;
  absl::string_view ru;
  absl::string_view tt;
  absl::string_view uk;
  absl::string_view en;
};
constexpr Titles kNews[] = {
    {AppealEventType::kAssigned, "Обращение $0 направлено исполнителю",
     "$0 мөрәҗәгате башкаручыга җибәрелде", "Звернення $0 направлено виконавцю",
     "Report $0 was passed to a department"},
    {AppealEventType::kStarted, "Обращение $0 взято в работу", "$0 мөрәҗәгате эшкә алынды",
     "Звернення $0 взято в роботу", "Work on report $0 has begun"},
    {AppealEventType::kInfoRequested, "По обращению $0 нужны уточнения",
     "$0 мөрәҗәгате буенча аныклау кирәк", "За зверненням $0 потрібні уточнення",
     "More information is needed for report $0"},
    {AppealEventType::kResolved, "Обращение $0 решено", "$0 мөрәҗәгате хәл ителде",
     "Звернення $0 вирішено", "Report $0 is resolved"},
    {AppealEventType::kRejected, "Обращение $0 закрыто без решения",
     "$0 мөрәҗәгате чишелешсез ябылды", "Звернення $0 закрито без вирішення",
     "Report $0 was closed without a solution"},
    {AppealEventType::kForwarded, "Обращение $0 передано в другой орган",
     "$0 мөрәҗәгате башка органга тапшырылды", "Звернення $0 передано до іншого органу",
     "Report $0 was forwarded to another authority"},
    {AppealEventType::kMerged, "Обращение $0 объединено с другим",
     "$0 мөрәҗәгате башкасы белән берләштерелде", "Звернення $0 об’єднано з іншим",
     "Report $0 was merged into another one"},
    {AppealEventType::kReopened, "Обращение $0 снова открыто", "$0 мөрәҗәгате яңадан ачылды",
     "Звернення $0 знову відкрито", "Report $0 was reopened"},
    {AppealEventType::kMessaged, "Новое сообщение по обращению $0",
     "$0 мөрәҗәгате буенча яңа хәбәр", "Нове повідомлення за зверненням $0",
     "There is a new message about report $0"},
    {AppealEventType::kClosed, "Обращение $0 закрыто", "$0 мөрәҗәгате ябылды",
     "Звернення $0 закрито", "Report $0 is closed"},
};

const Titles* FindNews(AppealEventType type) {
  const auto* found = std::find_if(std::begin(kNews), std::end(kNews),
                                   [type](const Titles& titles) { return titles.type == type; });
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
  if (FindNews(event.parsed_type) == nullptr) return false;
  return event.parsed_type != AppealEventType::kMessaged || absl::StartsWith(event.actor, "staff/");
}

std::string TitleOf(AppealEventType type, absl::string_view number, absl::string_view language) {
  const Titles* titles = FindNews(type);
  if (titles == nullptr) return std::string(number);
  absl::string_view title = titles->ru;
  if (language == "tt") title = titles->tt;
  if (language == "uk") title = titles->uk;
  if (language == "en") title = titles->en;
  return absl::Substitute(title, number);
}

}  // namespace veche::notifications
