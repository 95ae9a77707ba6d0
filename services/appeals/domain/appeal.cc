#include "services/appeals/domain/appeal.h"

#include <algorithm>

namespace veche::appeals {
namespace {

constexpr State kOpenStates[] = {State::kSubmitted, State::kRegistered, State::kAssigned,
                                 State::kInProgress, State::kNeedsInfo};

// The transition table: action, states from which it is possible, state after it, who may do it.
struct Rule {
  Action action;
  std::vector<State> from;
  State to;
  std::vector<Party> who;
};

std::vector<Rule> Rules() {
  using enum State;
  const std::vector<State> open(std::begin(kOpenStates), std::end(kOpenStates));
  const std::vector<Party> author = {Party::kAuthor};
  const std::vector<Party> staff = {Party::kOfficer, Party::kSupervisor};
  const std::vector<Party> staff_or_system = {Party::kOfficer, Party::kSupervisor, Party::kSystem};
  const std::vector<Party> system = {Party::kSystem};
  return {
      {Action::kRegister, {kSubmitted}, kRegistered, system},
      {Action::kAssign, open, kAssigned, staff_or_system},
      {Action::kStart, {kAssigned, kNeedsInfo}, kInProgress, staff},
      {Action::kRequestInfo, {kAssigned, kInProgress}, kNeedsInfo, staff},
      {Action::kGiveInfo, {kNeedsInfo}, kInProgress, author},
      {Action::kResolve, {kAssigned, kInProgress, kNeedsInfo}, kResolved, staff},
      {Action::kReject, open, kRejected, staff},
      {Action::kForward, open, kForwarded, staff},
      {Action::kMerge, open, kMerged, staff},
      {Action::kWithdraw, open, kWithdrawn, author},
      {Action::kReopen, {kResolved, kClosed}, kInProgress, author},
      {Action::kRate, {kResolved, kClosed}, kClosed, author},
      {Action::kClose, {kResolved}, kClosed, system},
  };
}

std::vector<Transition> Expand(const std::vector<Rule>& rules) {
  std::vector<Transition> table;
  for (const Rule& rule : rules) {
    for (State from : rule.from) table.push_back({rule.action, from, rule.to, rule.who});
  }
  return table;
}

}  // namespace

const std::vector<Transition>& Transitions() {
  static const auto& table = *new std::vector<Transition>(Expand(Rules()));
  return table;
}

std::optional<State> NextState(State from, Action action, Party who) {
  for (const Transition& row : Transitions()) {
    if (row.action != action || row.from != from) continue;
    if (std::find(row.who.begin(), row.who.end(), who) != row.who.end()) return row.to;
  }
  return std::nullopt;
}

absl::string_view Name(State state) {
  constexpr absl::string_view kNames[] = {
      "STATE_UNSPECIFIED", "SUBMITTED", "REGISTERED", "ASSIGNED",  "IN_PROGRESS", "NEEDS_INFO",
      "RESOLVED",          "CLOSED",    "REJECTED",   "FORWARDED", "MERGED",      "WITHDRAWN"};
  return kNames[static_cast<int>(state)];
}

absl::string_view Name(Action action) {
  constexpr absl::string_view kNames[] = {
      "REGISTER", "ASSIGN", "START",    "REQUEST_INFO", "GIVE_INFO", "RESOLVE", "REJECT",
      "FORWARD",  "MERGE",  "WITHDRAW", "REOPEN",       "RATE",      "CLOSE"};
  return kNames[static_cast<int>(action)];
}

absl::string_view Name(Party party) {
  constexpr absl::string_view kNames[] = {"", "AUTHOR", "OFFICER", "SUPERVISOR", "SYSTEM"};
  return kNames[static_cast<int>(party)];
}

absl::string_view Name(Priority priority) {
  constexpr absl::string_view kNames[] = {"PRIORITY_UNSPECIFIED", "LOW", "NORMAL", "HIGH",
                                          "EMERGENCY"};
  return kNames[static_cast<int>(priority)];
}

triage::Assessment Urgency(const Appeal& appeal) {
  std::vector<triage::Reason> reasons = appeal.reasons;
  if (auto repeats = triage::RepeatsReason(appeal.supporter_count + appeal.similar_count)) {
    reasons.push_back(*std::move(repeats));
  }
  const bool open = IsOpen(appeal.state);
  if (auto deadline = triage::DeadlineReason(open && appeal.alarm == Alarm::kDueSoon,
                                             open && appeal.alarm == Alarm::kOverdue)) {
    reasons.push_back(*std::move(deadline));
  }
  return triage::Assess(std::move(reasons));
}

Priority PriorityOf(const Appeal& appeal) {
  const auto level = static_cast<Priority>(Urgency(appeal).level);
  return appeal.alarm == Alarm::kOverdue ? std::max(level, Priority::kHigh) : level;
}

bool IsOpen(State state) {
  return std::find(std::begin(kOpenStates), std::end(kOpenStates), state) != std::end(kOpenStates);
}

Outcome OutcomeOf(State state) {
  if (IsOpen(state)) return Outcome::kOpen;
  return state == State::kResolved || state == State::kClosed ? Outcome::kSolved
                                                              : Outcome::kUnsolved;
}

}  // namespace veche::appeals
