#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// What happens to appeals, and whom that concerns.

namespace veche::notifications {

// One event of the appeals' log.
struct Happening {
  std::string event;        // ULID
  std::string type;         // "veche.appeals.resolved"
  std::string appeal;       // "appeals/{id}"
  std::string number;       // as people say it
  std::string state;        // "RESOLVED"
  std::string author;       // "residents/{id}"; "" for a guest without contact
  std::string actor;        // who did it; "" for the system
  std::string merged_into;  // of a merge: "appeals/{id}" that goes on
  absl::Time time;
};

// A happening as one resident's inbox has it.
struct Notice {
  int64_t seq = 0;  // in the order of commits, over all residents
  std::string recipient;
  std::string type;
  std::string appeal;
  std::string number;
  std::string state;
  absl::Time create_time;
  bool read = false;
};

// What a happening does to the list of an appeal's followers.
enum class FollowChange { kNone, kFollow, kUnfollow, kSupport, kUnsupport, kCarryOver };
FollowChange FollowChangeOf(const Happening& happening);

// Whether author and followers hear of it. Being routed is one notice, that of `assigned`: an
// appeal that was only registered has got no further for its author. Of messages, staff's are news;
// the author's own are not.
bool IsNews(const Happening& happening);

// A notice's one line in `language` ("ru", "tt", "uk", "en"; anything else: Russian).
std::string TitleOf(absl::string_view type, absl::string_view number, absl::string_view language);

}  // namespace veche::notifications
