#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/appeals/domain/appeal.h"

// What a change leaves behind: entries of the timeline and events of the log. Pure.

namespace veche::appeals {

// Who did something.
struct Actor {
  Party party = Party::kSystem;
  std::string name;        // "residents/{id}", "staff/{id}", "" for the service and nameless guests
  std::string department;  // "departments/{id}" of staff
};

// Types of entries, as clients read them.
namespace entry {
inline constexpr absl::string_view kComment = "COMMENT";
inline constexpr absl::string_view kNote = "NOTE";
inline constexpr absl::string_view kDeadlineChanged = "DEADLINE_CHANGED";
inline constexpr absl::string_view kCategoryChanged = "CATEGORY_CHANGED";
inline constexpr absl::string_view kLocationChanged = "LOCATION_CHANGED";
inline constexpr absl::string_view kWarned = "WARNED";
inline constexpr absl::string_view kEscalated = "ESCALATED";
inline constexpr absl::string_view kPriorityChanged = "PRIORITY_CHANGED";
inline constexpr absl::string_view kReviewed = "REVIEWED";  // by a moderator
inline constexpr absl::string_view kMergedFrom = "MERGED_FROM";
}  // namespace entry

// One entry of an appeal's timeline.
struct Entry {
  int64_t id = 0;  // 1, 2, … in the appeal; set by the store
  absl::Time time;
  std::string type;
  std::optional<State> state;  // the state from here on, where it changed
  Actor actor;
  std::string comment;
  Audience audience = Audience::kPublic;
  // The comment is for the author and staff although the entry itself is public.
  bool comment_for_parties = false;
  std::vector<std::string> attach;      // ids of attachments to claim with it
  std::string attach_owner;             // who must have uploaded them; "" for a guest
  std::vector<Attachment> attachments;  // filled in on reading
};

// What the classifier said of an appeal that is routed.
struct Suggested {
  std::string category;  // its first answer; "" without one
  double probability = 0;
  bool confident = false;
  std::string model;  // version
};

// One event to write to the log: "veche.appeals.{type}".
struct EventNote {
  std::string type;
  std::string actor;        // name; "" for the service
  std::string merged_into;  // id
  std::optional<Suggested> suggested = {};
};

struct Record {
  std::vector<Entry> entries;
  std::vector<EventNote> events;
};

}  // namespace veche::appeals
