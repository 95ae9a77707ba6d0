#include "services/notifications/feeds/context.h"

#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace veche::notifications {

std::string FeedContext::Host() const {
  absl::string_view host = public_url;
  for (const absl::string_view scheme : {"https://", "http://"}) absl::ConsumePrefix(&host, scheme);
  host = host.substr(0, host.find_first_of("/:"));
  return std::string(host.empty() ? "localhost" : host);
}

std::string FeedContext::TopicTitle(absl::string_view name, absl::string_view language) const {
  for (const Topic& topic : topics) {
    if (topic.name == name) return TitleIn(topic.titles, language);
  }
  return std::string(absl::StripPrefix(name, "topics/"));
}

std::string FeedContext::PlaceTitle(const std::vector<std::string>& names,
                                    absl::string_view language) const {
  if (names.empty()) return city;
  return absl::StrJoin(names, ", ", [&](std::string* out, const std::string& name) {
    out->append(districts == nullptr ? name : districts->TitleOf(name, language));
  });
}

}  // namespace veche::notifications
