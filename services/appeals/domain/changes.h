#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/calendar/working_calendar.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

// The steps of an appeal. Each step checks the table, changes the appeal and its clock, and records
// the entries and events. Pure; the store runs the steps inside a transaction.

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
  Text text = {};                // the system's text, shown with the comment
  Text deadline_reason = {};     // set when the caller changed the inputs of the due time
};

// Takes one step: state, times, clock, one entry and one event. TransitionNotAllowed when the table
// has no row for it, and then nothing has changed.
absl::Status ApplyStep(Appeal& appeal, const Step& step, const WorkingCalendar& calendar,
                       Record& record);

// Computes the due time and the next check of the deadline worker again. A changed due time is
// recorded as an entry with `reason` and an event, unless `reason` is empty: for the first due
// time, or when the appeal has ended.
void RefreshDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now,
                     const Text& reason, Record& record);

// The deadline worker's action on an appeal whose `next_check` has come: warns, escalates (with a
// higher priority), or closes an appeal that was resolved long ago. Does nothing when no action is
// due. A registered appeal without a department is also warned about and escalated by the legal
// terms of registering and forwarding, so that it is not forgotten.
void CheckDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now, Record& record);

// Sets the priority of an open appeal to the result of PriorityOf. A changed priority is recorded
// as an entry for staff with the reasons, and an event.
void RefreshPriority(Appeal& appeal, absl::Time now, Record& record);

// Notes that the appeal, in whatever state, led to `outcome`: "polls/{id}" or "initiatives/{id}".
// Does nothing when that is noted already, or when there are kMostOutcomes.
void AddOutcome(Appeal& appeal, absl::string_view outcome, absl::Time now, Record& record);

// Adds an entry of `type` by `actor`.
Entry& AddEntry(Record& record, EntryType type, const Actor& actor, absl::Time now,
                absl::string_view comment = "", Audience audience = Audience::kPublic);
void AddEvent(Record& record, EventType type, const Actor& actor);

}  // namespace veche::appeals
