#pragma once

#include "absl/status/status.h"
#include "common/calendar/working_calendar.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/timeline.h"
#include "services/appeals/routing/department.h"

namespace veche::appeals {

// Chooses the department of an open appeal again after staff have changed its category or place. A
// category that is to be confirmed stays so. If the department stays the same, the appeal keeps its
// assignee and state; otherwise `by` assigns it to the new department. The record holds category
// changes by rules and the new due time, with who and why. `deadline_reason` is for people. Pure;
// runs in the transaction of the change. REQUIRES: the table lets `by` assign it.
absl::Status Reroute(Appeal& appeal, const Actor& by, const RoutingKnowledge& knowledge,
                     const WorkingCalendar& calendar, const Text& deadline_reason, Record& record);

// Gives the appeal the response time and the law of its category, if it has one.
void ApplyCategoryTerms(const CitySnapshot& city, Appeal& appeal);

}  // namespace veche::appeals
