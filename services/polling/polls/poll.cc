#include "services/polling/polls/poll.h"

namespace veche::polling {

absl::Time OpenTime(const Poll& poll) {
  return poll.definition.open_time == 0 ? absl::InfinitePast()
                                        : absl::FromUnixSeconds(poll.definition.open_time);
}

PollState StateAt(const Poll& poll, absl::Time now) {
  PollState state = poll.state;
  if (state == PollState::kScheduled && now >= OpenTime(poll)) state = PollState::kOpen;
  if (state == PollState::kOpen && now >= poll.close_time) state = PollState::kClosing;
  return state;
}

bool IsClosingSoon(const Poll& poll, absl::Time now) {
  return StateAt(poll, now) == PollState::kOpen && now >= poll.close_time - kClosingSoon &&
         poll.close_time - OpenTime(poll) >= 2 * kClosingSoon;
}

const std::string& TextIn(const protocol::TextsByLanguage& texts, absl::string_view language) {
  static const std::string* const none = new std::string();
  for (const absl::string_view wanted :
       {language, absl::string_view("ru"), absl::string_view("en")}) {
    const auto found = texts.find(std::string(wanted));
    if (found != texts.end()) return found->second;
  }
  return texts.empty() ? *none : texts.begin()->second;
}

}  // namespace veche::polling
