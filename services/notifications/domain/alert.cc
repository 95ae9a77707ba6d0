#include "services/notifications/domain/alert.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/id.h"
#include "services/notifications/domain/alert_errors.h"

namespace veche::notifications {
namespace {

bool IsOver(AlertState state) { return state > AlertState::kPublished; }

// Operators' commands bring what was reviewed elsewhere.
bool IsOperator(absl::string_view caller) { return absl::StartsWith(caller, "services/"); }

bool IsEmergency(const Alert& alert) { return alert.content.severity == Severity::kEmergency; }

void Move(Alert& alert, AlertState state, absl::Time now) {
  alert.state = state;
  alert.update_time = now;
}

}  // namespace

std::string AlertName(absl::string_view id) { return absl::StrCat("alerts/", id); }

std::string AlertId(absl::string_view name) {
  return absl::ConsumePrefix(&name, "alerts/") && IsUlid(name) ? std::string(name) : "";
}

AlertState StateAt(const Alert& alert, absl::Time now) {
  const bool expired = alert.expire_time && *alert.expire_time <= now;
  return alert.state == AlertState::kPublished && expired ? AlertState::kExpired : alert.state;
}

absl::string_view StateName(AlertState state) {
  switch (state) {
    case AlertState::kDraft:
      return "DRAFT";
    case AlertState::kInReview:
      return "IN_REVIEW";
    case AlertState::kScheduled:
      return "SCHEDULED";
    case AlertState::kPublished:
      return "PUBLISHED";
    case AlertState::kExpired:
      return "EXPIRED";
    case AlertState::kCancelled:
      return "CANCELLED";
    case AlertState::kSuperseded:
      return "SUPERSEDED";
  }
  return "";
}

absl::StatusOr<AlertStep> Edit(Alert& alert, Alert changed, absl::string_view editor,
                               absl::Time now) {
  const AlertState state = StateAt(alert, now);
  if (IsOver(state)) return WrongAlertState(StateName(state));
  const bool emergency = IsEmergency(alert) || IsEmergency(changed);
  if (state == AlertState::kPublished) {
    if (emergency) return AlertNeedsReview();
    // When it was first published, and in whose place, is history.
    changed.publish_time = alert.publish_time;
    changed.supersedes = alert.supersedes;
  }
  alert.content = std::move(changed.content);
  alert.districts = std::move(changed.districts);
  alert.publish_time = changed.publish_time;
  alert.expire_time = changed.expire_time;
  alert.supersedes = std::move(changed.supersedes);
  alert.editor = std::string(editor);
  const bool unreviewed =
      state == AlertState::kInReview || (state == AlertState::kScheduled && emergency);
  Move(alert, unreviewed ? AlertState::kDraft : state, now);
  if (alert.state == AlertState::kScheduled && !alert.publish_time) alert.publish_time = now;
  return state == AlertState::kPublished ? AlertStep::kPost : AlertStep::kNone;
}

absl::Status RequestReview(Alert& alert, absl::Time now) {
  if (alert.state != AlertState::kDraft) return WrongAlertState(StateName(StateAt(alert, now)));
  alert.comment.clear();
  Move(alert, AlertState::kInReview, now);
  return absl::OkStatus();
}

absl::Status Return(Alert& alert, absl::string_view comment, absl::Time now) {
  if (alert.state != AlertState::kInReview) return WrongAlertState(StateName(StateAt(alert, now)));
  alert.comment = std::string(comment);
  Move(alert, AlertState::kDraft, now);
  return absl::OkStatus();
}

absl::StatusOr<AlertStep> Publish(Alert& alert, absl::string_view caller, absl::Time now) {
  if (alert.state == AlertState::kScheduled) return AlertStep::kNone;  // a repeat
  if (alert.state != AlertState::kDraft && alert.state != AlertState::kInReview) {
    return WrongAlertState(StateName(StateAt(alert, now)));
  }
  if (IsEmergency(alert) && !IsOperator(caller)) {
    if (alert.state != AlertState::kInReview) return AlertNeedsReview();
    if (caller == alert.editor) return SecondEditorNeeded();
  }
  if (alert.expire_time && *alert.expire_time <= now && !IsOperator(caller)) return AlertExpired();
  if (alert.publish_time && *alert.publish_time > now) {
    Move(alert, AlertState::kScheduled, now);
    return AlertStep::kNone;
  }
  if (!alert.publish_time || !IsOperator(caller)) alert.publish_time = now;
  Move(alert, AlertState::kPublished, now);
  return AlertStep::kPost;
}

absl::StatusOr<AlertStep> Cancel(Alert& alert, absl::string_view reason, absl::Time now) {
  const AlertState state = StateAt(alert, now);
  if (IsOver(state)) return WrongAlertState(StateName(state));
  alert.cancel_reason = std::string(reason);
  Move(alert, AlertState::kCancelled, now);
  return state == AlertState::kPublished ? AlertStep::kPost : AlertStep::kNone;
}

AlertStep Advance(Alert& alert, absl::Time now) {
  const bool waits = alert.state == AlertState::kScheduled;
  if (!waits && alert.state != AlertState::kPublished) return AlertStep::kNone;
  if (alert.expire_time && *alert.expire_time <= now) {
    Move(alert, AlertState::kExpired, now);
    return AlertStep::kNone;
  }
  if (!waits || !alert.publish_time || *alert.publish_time > now) return AlertStep::kNone;
  Move(alert, AlertState::kPublished, now);
  return AlertStep::kPost;
}

void Supersede(Alert& alert, absl::string_view by, absl::Time now) {
  if (alert.state != AlertState::kPublished) return;
  alert.superseded_by = std::string(by);
  Move(alert, AlertState::kSuperseded, now);
}

absl::string_view PostType(const Alert& alert) {
  if (alert.state == AlertState::kCancelled) return kAlertCancelled;
  return alert.revision == 0 && alert.supersedes.empty() ? kAlertPublished : kAlertUpdated;
}

}  // namespace veche::notifications
