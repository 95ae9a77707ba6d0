#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// What residents get: notices, and the news that they are made of.

namespace veche::notifications {

// Notices are deleted after this time. Alerts stay, and count as read.
inline constexpr absl::Duration kNoticesKept = absl::Hours(24 * 180);

// A title by the language's tag.
using Titles = std::map<std::string, std::string, std::less<>>;
// The title in `language`, else in Russian, English or any language; "" when there is none.
std::string TitleIn(const Titles& titles, absl::string_view language);

// Who gets a notice of an event besides the residents whom it names. Stored by number.
enum class Audience {
  kNobodyElse = 0,
  kFollowers = 1,  // who follow or support the subject
  kDistricts = 2,  // every resident of some districts
};

// An event that gives a notice, with its audience.
struct News {
  std::string id;                      // of the event: ULID
  std::string type;                    // "veche.appeals.resolved"
  std::string subject;                 // "appeals/{id}", "polls/{id}" or "initiatives/{id}"
  std::string number;                  // of an appeal: the number that people see; else ""
  std::string state;                   // of an appeal: "RESOLVED"; else ""
  Titles titles;                       // of the subject; empty for an appeal
  std::vector<std::string> residents;  // "residents/{id}" whom the event names, such as an author
  std::string actor;                   // who gets no notice; "" for nobody
  Audience audience = Audience::kNobodyElse;
  std::vector<std::string> districts;  // "districts/{id}"; with kDistricts, empty: the whole city
  absl::Time time;
};

// An event in one resident's inbox.
struct Notice {
  int64_t seq = 0;  // numbers all notices of all residents in the order of their commits
  std::string recipient;
  std::string type;
  std::string subject;
  std::string number;
  std::string state;
  Titles titles;  // of the subject now
  absl::Time create_time;
  bool read = false;
};

// How an event changes the list of a subject's followers.
enum class FollowChange { kNone, kFollow, kUnfollow, kSupport, kUnsupport, kCopyFollowers };

}  // namespace veche::notifications
