#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/text.h"
#include "services/appeals/domain/appeal.h"

// The records of a change: entries of the timeline and events of the log. Pure.

namespace veche::appeals {

// Who did something.
struct Actor {
  Party party = Party::kSystem;
  std::string name;        // "residents/{id}", "staff/{id}", "" for the service and nameless guests
  std::string department;  // "departments/{id}" of staff
};

// What an entry of the timeline says. The numbers are those of the wire's Timeline.Entry.Type,
// whose names stand in rows and answers: storage/wire_types.h.
enum class EntryType {
  kUnknown = 0,  // of a newer version of this program
  kSubmitted = 1,
  kRegistered = 2,
  kAssigned = 3,
  kStarted = 4,
  kInfoRequested = 5,
  kInfoGiven = 6,
  kResolved = 7,
  kRejected = 8,
  kForwarded = 9,
  kMerged = 10,
  kWithdrawn = 11,
  kReopened = 12,
  kRated = 13,
  kClosed = 14,
  kInProgress = 15,  // of an imported appeal
  kNeedsInfo = 16,   // of an imported appeal
  kComment = 17,
  kNote = 18,
  kDeadlineChanged = 19,
  kCategoryChanged = 20,
  kLocationChanged = 21,
  kPriorityChanged = 22,
  kWarned = 23,
  kEscalated = 24,
  kReviewed = 25,  // by a moderator
  kMergedFrom = 26,
  kLinked = 27,  // led to a poll or an initiative
};

// The kinds of events in the log. The numbers are those of the proto's AppealEvent.Type.
enum class EventType {
  kUnknown = 0,
  kSubmitted = 1,
  kRegistered = 2,
  kAssigned = 3,
  kStarted = 4,
  kInfoRequested = 5,
  kInfoGiven = 6,
  kResolved = 7,
  kRejected = 8,
  kForwarded = 9,
  kMerged = 10,
  kWithdrawn = 11,
  kReopened = 12,
  kRated = 13,
  kClosed = 14,
  kMergedFrom = 15,
  kMessaged = 16,
  kSupported = 17,
  kUnsupported = 18,
  kFollowed = 19,
  kUnfollowed = 20,
  kWarned = 21,
  kEscalated = 22,
  kDeadlineChanged = 23,
  kRecategorized = 24,
  kRelocated = 25,
  kReprioritized = 26,
  kLinked = 27,
};

// One entry of an appeal's timeline.
struct Entry {
  int64_t id = 0;  // 1, 2, … in the appeal; set by the store
  absl::Time time;
  EntryType type = EntryType::kUnknown;
  std::optional<State> state;  // the state from here on, where it changed
  Actor actor;
  // The system's text, in the reader's language; shown before `comment`, the text of a person.
  Text text;
  std::string comment;
  Audience audience = Audience::kPublic;
  // The comment is for the author and staff although the entry itself is public.
  bool comment_for_parties = false;
  std::vector<std::string> attach;      // ids of attachments to claim with it
  std::string attach_owner;             // who must have uploaded them; "" for a guest
  std::vector<Attachment> attachments;  // filled in on reading
};

// The classifier's answer about an appeal that is routed.
struct Suggested {
  std::string category;  // its first answer; "" without one
  double probability = 0;
  bool confident = false;
  std::string model;  // version
};

// One event to write to the log.
struct EventNote {
  EventType type = EventType::kUnknown;
  std::string actor;        // name; "" for the service
  std::string merged_into;  // id
  std::optional<Suggested> suggested = {};
  std::string outcome = {};  // name
};

struct Record {
  std::vector<Entry> entries;
  std::vector<EventNote> events;
};

}  // namespace veche::appeals
