#include "services/notifications/domain/notice.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kPrefix = "veche.appeals.";

// The news and how they are called; $0 is the appeal's number.
struct Titles {
  absl::string_view type;
  absl::string_view ru;
  absl::string_view tt;
  absl::string_view uk;
  absl::string_view en;
};
constexpr Titles kNews[] = {
    {"assigned", "Обращение $0 направлено исполнителю", "$0 мөрәҗәгате башкаручыга җибәрелде",
     "Звернення $0 направлено виконавцю", "Report $0 was passed to a department"},
    {"started", "Обращение $0 взято в работу", "$0 мөрәҗәгате эшкә алынды",
     "Звернення $0 взято в роботу", "Work on report $0 has begun"},
    {"info_requested", "По обращению $0 нужны уточнения", "$0 мөрәҗәгате буенча аныклау кирәк",
     "За зверненням $0 потрібні уточнення", "More information is needed for report $0"},
    {"resolved", "Обращение $0 решено", "$0 мөрәҗәгате хәл ителде", "Звернення $0 вирішено",
     "Report $0 is resolved"},
    {"rejected", "Обращение $0 закрыто без решения", "$0 мөрәҗәгате чишелешсез ябылды",
     "Звернення $0 закрито без вирішення", "Report $0 was closed without a solution"},
    {"forwarded", "Обращение $0 передано в другой орган", "$0 мөрәҗәгате башка органга тапшырылды",
     "Звернення $0 передано до іншого органу", "Report $0 was forwarded to another authority"},
    {"merged", "Обращение $0 объединено с другим", "$0 мөрәҗәгате башкасы белән берләштерелде",
     "Звернення $0 об’єднано з іншим", "Report $0 was merged into another one"},
    {"reopened", "Обращение $0 снова открыто", "$0 мөрәҗәгате яңадан ачылды",
     "Звернення $0 знову відкрито", "Report $0 was reopened"},
    {"messaged", "Новое сообщение по обращению $0", "$0 мөрәҗәгате буенча яңа хәбәр",
     "Нове повідомлення за зверненням $0", "There is a new message about report $0"},
    {"closed", "Обращение $0 закрыто", "$0 мөрәҗәгате ябылды", "Звернення $0 закрито",
     "Report $0 is closed"},
};

const Titles* FindNews(absl::string_view type) {
  if (!absl::ConsumePrefix(&type, kPrefix)) return nullptr;
  const auto* found = std::find_if(std::begin(kNews), std::end(kNews),
                                   [type](const Titles& titles) { return titles.type == type; });
  return found == std::end(kNews) ? nullptr : found;
}

}  // namespace

FollowChange FollowChangeOf(const AppealEvent& event) {
  const absl::string_view type = absl::StripPrefix(event.type, kPrefix);
  if (type == "merged" && !event.merged_into.empty()) return FollowChange::kCopyFollowers;
  if (!absl::StartsWith(event.actor, "residents/")) return FollowChange::kNone;
  if (type == "followed") return FollowChange::kFollow;
  if (type == "supported") return FollowChange::kSupport;
  if (type == "unsupported") return FollowChange::kUnsupport;
  if (type == "unfollowed") return FollowChange::kUnfollow;
  return FollowChange::kNone;
}

bool IsNews(const AppealEvent& event) {
  const Titles* titles = FindNews(event.type);
  if (titles == nullptr) return false;
  return titles->type != "messaged" || absl::StartsWith(event.actor, "staff/");
}

std::string TitleOf(absl::string_view type, absl::string_view number, absl::string_view language) {
  const Titles* titles = FindNews(type);
  if (titles == nullptr) return std::string(number);
  absl::string_view title = titles->ru;
  if (language == "tt") title = titles->tt;
  if (language == "uk") title = titles->uk;
  if (language == "en") title = titles->en;
  return absl::Substitute(title, number);
}

}  // namespace veche::notifications
