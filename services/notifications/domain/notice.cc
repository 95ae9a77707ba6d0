#include "services/notifications/domain/notice.h"

namespace veche::notifications {

std::string TitleIn(const Titles& titles, absl::string_view language) {
  for (const absl::string_view wanted :
       {language, absl::string_view("ru"), absl::string_view("en")}) {
    const auto found = titles.find(wanted);
    if (found != titles.end()) return found->second;
  }
  return titles.empty() ? "" : titles.begin()->second;
}

}  // namespace veche::notifications
