#include "services/appeals/domain/changes.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/appeals/domain/errors.h"

namespace veche::appeals {
namespace {

// What a step writes to the timeline and to the event log.
struct StepTypes {
  EntryType entry = EntryType::kUnknown;
  EventType event = EventType::kUnknown;
  bool comment_for_parties = false;  // the author and the department alone read the comment
};

StepTypes TypesOf(Action action) {
  switch (action) {
    case Action::kRegister:
      return {EntryType::kRegistered, EventType::kRegistered};
    case Action::kAssign:
      return {EntryType::kAssigned, EventType::kAssigned};
    case Action::kStart:
      return {EntryType::kStarted, EventType::kStarted};
    case Action::kRequestInfo:
      return {EntryType::kInfoRequested, EventType::kInfoRequested, true};
    case Action::kGiveInfo:
      return {EntryType::kInfoGiven, EventType::kInfoGiven, true};
    case Action::kResolve:
      return {EntryType::kResolved, EventType::kResolved};
    case Action::kReject:
      return {EntryType::kRejected, EventType::kRejected};
    case Action::kForward:
      return {EntryType::kForwarded, EventType::kForwarded};
    case Action::kMerge:
      return {EntryType::kMerged, EventType::kMerged};
    case Action::kWithdraw:
      return {EntryType::kWithdrawn, EventType::kWithdrawn, true};
    case Action::kReopen:
      return {EntryType::kReopened, EventType::kReopened, true};
    case Action::kRate:
      return {EntryType::kRated, EventType::kRated, true};
    case Action::kClose:
      return {EntryType::kClosed, EventType::kClosed};
  }
  return {};
}

const LegalProfile& ProfileOf(const Appeal& appeal) {
  const LegalProfile* profile = FindLegalProfile(appeal.legal_profile);
  return profile != nullptr ? *profile : *FindLegalProfile("none");
}

void RunClock(Appeal& appeal, const Step& step, State from, const WorkingCalendar& calendar) {
  if (!appeal.registered && appeal.state != State::kWithdrawn) {
    appeal.registered = step.now;
    appeal.clock.registered = step.now;
  }
  if (step.action == Action::kRequestInfo) Pause(appeal.clock, step.now);
  if (from == State::kNeedsInfo && IsOpen(appeal.state)) {
    Resume(appeal.clock, step.now, calendar);
  }
  if (step.action == Action::kResolve) appeal.resolved = step.now;
  if (step.action == Action::kReopen) {
    // The department's response time starts again; the first registration time is kept.
    appeal.resolved.reset();
    appeal.rating = 0;
    appeal.clock.registered = step.now;
    appeal.clock.paused_at.reset();
    appeal.clock.paused_working_time = absl::ZeroDuration();
    appeal.clock.paused_days = 0;
  }
}

Text DeadlineReason(const Step& step, State from) {
  if (!step.deadline_reason.empty()) return step.deadline_reason;
  if (step.action == Action::kRequestInfo) return "DEADLINE_PAUSED";
  if (step.action == Action::kReopen) return "DEADLINE_RESTARTED";
  if (from == State::kNeedsInfo) return "DEADLINE_RESUMED";
  return {};
}

// No department has the appeal yet, because the classifier was not sure.
bool WaitsForADepartment(const Appeal& appeal) {
  return appeal.state == State::kRegistered && appeal.department.empty();
}

std::optional<absl::Time> Earlier(std::optional<absl::Time> a, std::optional<absl::Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// When to warn and when to escalate.
struct Limits {
  std::optional<absl::Time> warn;
  std::optional<absl::Time> end;
};

Limits LimitsOf(const Appeal& appeal, const WorkingCalendar& calendar) {
  const LegalProfile& profile = ProfileOf(appeal);
  Limits limits;
  if (appeal.due) limits = {ComputeWarnTime(appeal.clock, profile, calendar), appeal.due};
  if (WaitsForADepartment(appeal) && appeal.registered) {
    limits.warn = Earlier(limits.warn, RegisterBy(appeal.created, profile, calendar));
    limits.end = Earlier(limits.end, ForwardBy(*appeal.registered, profile, calendar));
  }
  return limits;
}

std::optional<absl::Time> NextCheck(const Appeal& appeal, const WorkingCalendar& calendar,
                                    absl::Time now) {
  if (appeal.state == State::kResolved && appeal.resolved) {
    return calendar.AddCalendarDays(*appeal.resolved, kDaysUntilClosed);
  }
  if (appeal.alarm == Alarm::kOverdue) {
    // Escalated because it had no department for too long: check it again when the answer is due.
    return WaitsForADepartment(appeal) && appeal.due > now ? appeal.due : std::nullopt;
  }
  const Limits limits = LimitsOf(appeal, calendar);
  if (!limits.end || appeal.alarm == Alarm::kDueSoon) return limits.end;
  return Earlier(limits.warn, limits.end);
}

void Escalate(Appeal& appeal, absl::Time now, const Text& why, Record& record) {
  appeal.alarm = Alarm::kOverdue;
  AddEntry(record, EntryType::kEscalated, Actor{}, now, "", Audience::kStaff).text = why;
  AddEvent(record, EventType::kEscalated, Actor{});
  // This holds for an appeal that is not routed yet, too.
  RefreshPriority(appeal, now, record);
}

// Classification may become available again, and the router may still route it.
void EscalateUnrouted(Appeal& appeal, absl::Time now, Record& record) {
  Escalate(appeal, now, "ESCALATED_UNROUTED", record);
  appeal.updated = now;
  appeal.next_check.reset();
}

}  // namespace

Entry& AddEntry(Record& record, EntryType type, const Actor& actor, absl::Time now,
                absl::string_view comment, Audience audience) {
  Entry entry;
  entry.time = now;
  entry.type = type;
  entry.actor = actor;
  entry.comment = std::string(comment);
  entry.audience = audience;
  return record.entries.emplace_back(std::move(entry));
}

void AddEvent(Record& record, EventType type, const Actor& actor) {
  record.events.push_back({type, actor.name, ""});
}

void RefreshPriority(Appeal& appeal, absl::Time now, Record& record) {
  const Priority priority = PriorityOf(appeal);
  if (!IsOpen(appeal.state) || priority == appeal.priority) return;
  if (appeal.priority == Priority::kUnknown) {
    appeal.priority = priority;
    return;
  }
  std::vector<std::string> reasons;
  for (const triage::Reason& reason : Urgency(appeal).reasons) {
    reasons.push_back(absl::StrCat(reason.reason, absl::StrFormat(" %+d", reason.points)));
  }
  AddEntry(record, EntryType::kPriorityChanged, Actor{}, now, "", Audience::kStaff).text = {
      "NEW_PRIORITY",
      {{"from", Name(appeal.priority)},
       {"to", Name(priority)},
       {"reasons", absl::StrJoin(reasons, ", ")}}};
  AddEvent(record, EventType::kReprioritized, Actor{});
  appeal.priority = priority;
  appeal.updated = now;
}

void AddOutcome(Appeal& appeal, absl::string_view outcome, absl::Time now, Record& record) {
  if (appeal.outcomes.size() >= kMostOutcomes || absl::c_linear_search(appeal.outcomes, outcome)) {
    return;
  }
  appeal.outcomes.emplace_back(outcome);
  appeal.updated = now;
  AddEntry(record, EntryType::kLinked, Actor{}, now, outcome).text =
      absl::StartsWith(outcome, "polls/") ? "LED_TO_POLL" : "LED_TO_INITIATIVE";
  AddEvent(record, EventType::kLinked, Actor{});
  record.events.back().outcome = std::string(outcome);
}

absl::Status ApplyStep(Appeal& appeal, const Step& step, const WorkingCalendar& calendar,
                       Record& record) {
  const State from = appeal.state;
  const std::optional<State> to = NextState(from, step.action, step.actor.party);
  if (!to) return TransitionNotAllowed(Name(from), Name(step.action));
  appeal.state = *to;
  appeal.updated = step.now;
  RunClock(appeal, step, from, calendar);
  const StepTypes types = TypesOf(step.action);
  Entry& entry = AddEntry(record, types.entry, step.actor, step.now, step.comment);
  if (*to != from) entry.state = *to;
  entry.text = step.text;
  entry.comment_for_parties = types.comment_for_parties;
  entry.attach = step.attach;
  entry.attach_owner = step.attach_owner;
  AddEvent(record, types.event, step.actor);
  // A department that gets the appeal now is warned about its own response time.
  if (from == State::kSubmitted || from == State::kRegistered) appeal.alarm = Alarm::kNone;
  record.events.back().merged_into = step.merged_into;
  if (step.action == Action::kRate && *to != from) {
    AddEntry(record, EntryType::kClosed, step.actor, step.now).state = *to;
    AddEvent(record, EventType::kClosed, step.actor);
    record.entries[record.entries.size() - 2].state.reset();
  }
  RefreshDeadline(appeal, calendar, step.now, DeadlineReason(step, from), record);
  return absl::OkStatus();
}

void RefreshDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now,
                     const Text& reason, Record& record) {
  std::optional<absl::Time> due;
  if (IsOpen(appeal.state) && appeal.registered) {
    due = ComputeDue(appeal.clock, ProfileOf(appeal), calendar);
  }
  if (due != appeal.due) {
    appeal.due = due;
    appeal.alarm = Alarm::kNone;
    if (!reason.empty() && IsOpen(appeal.state)) {
      AddEntry(record, EntryType::kDeadlineChanged, Actor{}, now).text = reason;
      AddEvent(record, EventType::kDeadlineChanged, Actor{});
    }
  }
  appeal.next_check = NextCheck(appeal, calendar, now);
  if (appeal.routed) RefreshPriority(appeal, now, record);
}

void CheckDeadline(Appeal& appeal, const WorkingCalendar& calendar, absl::Time now,
                   Record& record) {
  if (!appeal.next_check || *appeal.next_check > now) return;
  const Actor system;
  if (appeal.state == State::kResolved) {
    // The table allows this step, so it cannot fail.
    ApplyStep(appeal, {.action = Action::kClose, .actor = system, .now = now}, calendar, record)
        .IgnoreError();
    return;
  }
  if (appeal.state == State::kSubmitted) return EscalateUnrouted(appeal, now, record);
  const Limits limits = LimitsOf(appeal, calendar);
  const bool overdue = appeal.due && *appeal.due <= now;
  // An appeal that was escalated before is checked again only to report an overdue answer.
  if (overdue || (limits.end && *limits.end <= now && appeal.alarm != Alarm::kOverdue)) {
    Escalate(appeal, now, overdue ? "ESCALATED_OVERDUE" : "ESCALATED_UNASSIGNED", record);
  } else if (limits.end && appeal.alarm == Alarm::kNone) {
    appeal.alarm = Alarm::kDueSoon;
    AddEntry(record, EntryType::kWarned, system, now, "", Audience::kStaff).text =
        WaitsForADepartment(appeal) ? "WARNED_UNASSIGNED" : "WARNED_DUE_SOON";
    AddEvent(record, EventType::kWarned, system);
    RefreshPriority(appeal, now, record);
  }
  appeal.updated = now;
  appeal.next_check = NextCheck(appeal, calendar, now);
}

}  // namespace veche::appeals
