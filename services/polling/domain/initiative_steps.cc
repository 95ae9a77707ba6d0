#include "services/polling/domain/initiative_steps.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"

namespace veche::polling {
namespace {

using State = InitiativeState;
using Action = InitiativeAction;
using EntryType = InitiativeEntryType;

absl::Status Step(const InitiativeActor& actor, Action action, Initiative& initiative) {
  const auto next = NextState(initiative.state, action, actor.parties);
  if (!next) return InitiativeStepNotAllowed(Name(initiative.state), Name(action));
  initiative.state = *next;
  return absl::OkStatus();
}

void AddEntry(EntryType type, const InitiativeActor& actor, absl::Time now,
              InitiativeRecord& record, absl::string_view title = "", absl::string_view text = "") {
  record.entries.push_back({.type = type,
                            .time = now,
                            .actor = actor.name,
                            .department = actor.department,
                            .title = std::string(title),
                            .text = std::string(text)});
}

// Nobody will publish it any more: nothing of its pictures is kept.
void DropUnpublishedPictures(Initiative& initiative) {
  if (!initiative.published) initiative.pictures.clear();
}

// An event of which the author hears, if the author is a resident.
void TellAuthor(InitiativeEvent type, const Initiative& initiative, InitiativeRecord& record) {
  record.events.push_back({type});
  if (absl::StartsWith(initiative.author, "residents/")) {
    record.events.back().residents.push_back(initiative.author);
  }
}

}  // namespace

absl::Status Approve(const InitiativeActor& actor, const InitiativeRules& rules, absl::Time now,
                     Initiative& initiative, InitiativeRecord& record) {
  RETURN_IF_ERROR(Step(actor, Action::kApprove, initiative));
  initiative.published = true;
  initiative.threshold = rules.threshold;
  initiative.end = now + rules.gathering;
  initiative.next_check = initiative.end;
  AddEntry(EntryType::kApproved, actor, now, record);
  TellAuthor(InitiativeEvent::kApproved, initiative, record);
  return absl::OkStatus();
}

absl::Status Reject(const InitiativeActor& actor, absl::string_view reason, absl::Time now,
                    Initiative& initiative, InitiativeRecord& record) {
  RETURN_IF_ERROR(Step(actor, Action::kReject, initiative));
  initiative.rejection_reason = std::string(reason);
  DropUnpublishedPictures(initiative);
  AddEntry(EntryType::kRejected, actor, now, record, "", reason);
  TellAuthor(InitiativeEvent::kRejected, initiative, record);
  return absl::OkStatus();
}

absl::Status Respond(const InitiativeActor& actor, bool accepted, absl::string_view text,
                     absl::Time now, Initiative& initiative, InitiativeRecord& record) {
  RETURN_IF_ERROR(Step(actor, accepted ? Action::kAccept : Action::kDecline, initiative));
  initiative.response_text = std::string(text);
  initiative.response_department = actor.department;
  initiative.response_time = now;
  initiative.next_check.reset();
  initiative.overdue = false;
  AddEntry(accepted ? EntryType::kAccepted : EntryType::kDeclined, actor, now, record, "", text);
  TellAuthor(accepted ? InitiativeEvent::kAccepted : InitiativeEvent::kDeclined, initiative,
             record);
  return absl::OkStatus();
}

absl::Status AddStage(const InitiativeActor& actor, absl::string_view title, absl::string_view text,
                      absl::Time now, Initiative& initiative, InitiativeRecord& record) {
  RETURN_IF_ERROR(Step(actor, Action::kAddStage, initiative));
  AddEntry(EntryType::kStage, actor, now, record, title, text);
  TellAuthor(InitiativeEvent::kStageAdded, initiative, record);
  return absl::OkStatus();
}

absl::Status Withdraw(const InitiativeActor& actor, absl::Time now, Initiative& initiative,
                      InitiativeRecord& record) {
  RETURN_IF_ERROR(Step(actor, Action::kWithdraw, initiative));
  DropUnpublishedPictures(initiative);
  initiative.next_check.reset();
  AddEntry(EntryType::kWithdrawn, actor, now, record);
  record.events.push_back({InitiativeEvent::kWithdrawn});
  return absl::OkStatus();
}

absl::Status Merge(const InitiativeActor& actor, absl::Time now, Initiative& repeat,
                   Initiative& target, InitiativeRecord& repeat_record,
                   InitiativeRecord& target_record) {
  if (!IsOpen(target.state)) return InitiativeNotOpen(Name(target.state));
  RETURN_IF_ERROR(Step(actor, Action::kMerge, repeat));
  repeat.merged_into = target.id;
  DropUnpublishedPictures(repeat);
  repeat.next_check.reset();
  AddEntry(EntryType::kMerged, actor, now, repeat_record, InitiativeName(target.id));
  // The public never learns of an initiative that no moderator has published.
  if (repeat.published) {
    AddEntry(EntryType::kMergedFrom, actor, now, target_record, InitiativeName(repeat.id));
  }
  TellAuthor(InitiativeEvent::kMerged, repeat, repeat_record);
  return absl::OkStatus();
}

absl::Status Expire(absl::Time now, Initiative& initiative, InitiativeRecord& record) {
  const InitiativeActor system;
  RETURN_IF_ERROR(Step(system, Action::kExpire, initiative));
  if (initiative.end && now < *initiative.end) initiative.end = now;
  initiative.next_check.reset();
  AddEntry(EntryType::kExpired, system, now, record);
  TellAuthor(InitiativeEvent::kExpired, initiative, record);
  return absl::OkStatus();
}

void CheckThreshold(const InitiativeRules& rules, absl::Time now, Initiative& initiative,
                    InitiativeRecord& record) {
  const InitiativeActor system;
  if (initiative.supporter_count < initiative.threshold) return;
  if (!Step(system, Action::kReachThreshold, initiative).ok()) return;
  initiative.response_due = now + rules.response;
  initiative.next_check = initiative.response_due;
  AddEntry(EntryType::kThresholdReached, system, now, record);
  TellAuthor(InitiativeEvent::kThresholdReached, initiative, record);
}

void CheckSchedule(absl::Time now, Initiative& initiative, InitiativeRecord& record) {
  if (!initiative.next_check || now < *initiative.next_check) return;
  initiative.next_check.reset();
  if (initiative.state == State::kAwaitingResponse) {
    initiative.overdue = true;
    AddEntry(EntryType::kResponseOverdue, InitiativeActor(), now, record);
    TellAuthor(InitiativeEvent::kResponseOverdue, initiative, record);
  } else {
    Expire(now, initiative, record).IgnoreError();  // only what gathers support expires
  }
}

}  // namespace veche::polling
