#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/calendar.h"
#include "services/appeals/domain/timeline.h"

// The steps of an appeal's life. Each checks the table, changes the appeal and its clock, and
// writes down what happened. Pure; the store runs them inside a transaction.

namespace veche::appeals {

// A resolved appeal is closed after this many days without a word from the author.
inline constexpr int kDaysUntilClosed = 14;

struct Step {
  Action action;
  Actor actor;
  absl::Time now;
  std::string comment = {};
  std::vector<std::string> attach = {};
  std::string attach_owner = {};
  std::string merged_into = {};  // of kMerge
  Text text = {};                // what the system says, beside the comment
  Text deadline_reason = {};     // when the caller changed what the due time is made of
};

// Takes one step: state, times, clock, one entry and one event. TransitionNotAllowed when the table
// has no row for it, and then nothing has changed.
absl::Status ApplyStep(Appeal& appeal, const Step& step, const WorkingCalendar& calendar,
                       Record& record);

// Computes the due time and the next look of the deadline worker anew. A due time that changed is
// an entry with `reason` and an event, unless `reason` is empty: the first
// time, or when it is over.
void RefreshDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now,
                     const Text& reason, Record& record);

// What the deadline worker does to an appeal whose `next_check` has come: warns, escalates (with a
// higher priority), or closes what was resolved long ago. Does nothing when there is nothing to do.
// An appeal that is registered and has no department yet is also warned of and escalated by the
// legal terms of registering and forwarding, so that it is not forgotten.
void CheckDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now, Record& record);

// Sets the priority of an open appeal to what PriorityOf says of it now. Another one than before is
// an entry for staff with the reasons, and an event.
void RefreshPriority(Appeal& appeal, absl::Time now, Record& record);

// Adds an entry of `type` by `actor`.
Entry& AddEntry(Record& record, EntryType type, const Actor& actor, absl::Time now,
                absl::string_view comment = "", Audience audience = Audience::kPublic);
void AddEvent(Record& record, EventType type, const Actor& actor);

}  // namespace veche::appeals
