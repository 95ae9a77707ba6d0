#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/calendar/working_calendar.h"

// When an appeal must be answered. Everything here is derived from a DeadlineClock, which is stored
// with the appeal, so that any due time can be explained and computed again.

namespace veche::appeals {

// A term of law, in calendar months and days. None when both are zero.
struct Term {
  int months = 0;
  int days = 0;
  bool none() const { return months == 0 && days == 0; }
};

// Where a term ends whose last day is a day off.
enum class DayOffRule { kWorkingDayBefore, kWorkingDayAfter };

// A legal clock, chosen per installation (and category): data, not code.
struct LegalProfile {
  absl::string_view id;       // "ru-59fz"
  Term registration = {};     // from submission
  Term forwarding = {};       // from registration: to the authority that is competent
  Term answer = {};           // from registration
  Term simple_answer = {};    // where nothing needs to be studied
  Term extended_answer = {};  // the longest after an extension of which the author is told
  DayOffRule day_off = DayOffRule::kWorkingDayBefore;
  // Whether the term stands still while the author is asked.
  bool pauses = true;
};

// "ru-59fz", "ua-393", "none". Null for an unknown id; "" is "none".
const LegalProfile* FindLegalProfile(absl::string_view id);
absl::Span<const LegalProfile> LegalProfiles();

// The inputs of one appeal's due time. Store all fields with the appeal.
struct DeadlineClock {
  absl::Time registered;
  int response_hours = 0;  // working hours of the category; 0 while it has none
  // A FORMAL appeal (the legal ceiling holds) or a MESSAGE (the city's own clock alone).
  bool formal = false;
  std::optional<absl::Time> paused_at = std::nullopt;         // while the author is asked
  absl::Duration paused_working_time = absl::ZeroDuration();  // of all pauses that are over
  int paused_days = 0;  // calendar days of all pauses that are over
};

// The due time: the category's response time, and for formal appeals at most the legal term, which
// ends with the working day. Pauses extend both. Nothing while paused, and when there is neither a
// response time nor a legal term.
std::optional<absl::Time> ComputeDue(const DeadlineClock& clock, const LegalProfile& profile,
                                     const WorkingCalendar& calendar);

// Pauses the clock while the author is asked. A paused clock stays as it is.
void Pause(DeadlineClock& clock, absl::Time now);
// Ends the pause: the due time moves by the working time of the pause (for a legal term: by its
// calendar days). A running clock stays as it is.
void Resume(DeadlineClock& clock, absl::Time now, const WorkingCalendar& calendar);

// When to warn: a fifth of the working time is left. Nothing when there is no due time.
std::optional<absl::Time> ComputeWarnTime(const DeadlineClock& clock, const LegalProfile& profile,
                                          const WorkingCalendar& calendar);

enum class Alarm { kNone, kDueSoon, kOverdue };
// The escalation that is due at `now` for the stored times.
Alarm CheckAlarm(std::optional<absl::Time> warn, std::optional<absl::Time> due, absl::Time now);

// Legal limits of the steps before the answer, for formal appeals; nothing where the profile has
// none.
std::optional<absl::Time> RegisterBy(absl::Time submitted, const LegalProfile& profile,
                                     const WorkingCalendar& calendar);
std::optional<absl::Time> ForwardBy(absl::Time registered, const LegalProfile& profile,
                                    const WorkingCalendar& calendar);

}  // namespace veche::appeals
