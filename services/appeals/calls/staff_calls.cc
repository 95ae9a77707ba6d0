#include "services/appeals/calls/staff_calls.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {

absl::StatusOr<v1::Appeal> StaffCalls::StartAppeal(const rpc::Call& call,
                                                   const v1::StartAppealRequest& request) {
  return change_.Run(
      call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) {
        appeal.assignee = actor.name;
        return ApplyStep(appeal, {.action = Action::kStart, .actor = actor, .now = appeal.updated},
                         change_.calendar(), record);
      });
}

absl::StatusOr<v1::Appeal> StaffCalls::RequestInfo(const rpc::Call& call,
                                                   const v1::RequestInfoRequest& request,
                                                   Violations violations) {
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.RunStep(call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
                         Action::kRequestInfo, comment);
}

absl::StatusOr<v1::Appeal> StaffCalls::ResolveAppeal(const rpc::Call& call,
                                                     const v1::ResolveAppealRequest& request,
                                                     Violations violations) {
  const std::string answer =
      ReadText(request.answer(), "answer", kLongestAnswer, false, violations);
  const std::vector<std::string> attachments = ReadAttachments(request.attachments(), violations);
  RETURN_IF_ERROR(FindUnused(change_.store(), call, attachments, violations).status());
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.Run(call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
                     [&](Appeal& appeal, const Actor& actor, Record& record) {
                       appeal.answer = answer;
                       if (appeal.assignee.empty()) appeal.assignee = actor.name;
                       return ApplyStep(appeal,
                                        {.action = Action::kResolve,
                                         .actor = actor,
                                         .now = appeal.updated,
                                         .comment = answer,
                                         .attach = attachments,
                                         .attach_owner = call.principal().name},
                                        change_.calendar(), record);
                     });
}

absl::StatusOr<v1::Appeal> StaffCalls::ReviewAppeal(const rpc::Call& call,
                                                    const v1::ReviewAppealRequest& request,
                                                    Violations violations) {
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.Run(call, {request.name(), "", request.etag()}, AppealChange::By::kModerator,
                     [&](Appeal& appeal, const Actor& actor, Record& record) {
                       appeal.moderation.waits = false;
                       AddEntry(record, EntryType::kReviewed, actor, appeal.updated, comment,
                                Audience::kStaff);
                       return absl::OkStatus();
                     });
}

absl::StatusOr<v1::Appeal> StaffCalls::RejectAppeal(const rpc::Call& call,
                                                    const v1::RejectAppealRequest& request,
                                                    Violations violations) {
  using Reason = v1::RejectAppealRequest;
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestAnswer, false, violations);
  CheckEnum(request.reason(), Reason::Reason_IsValid, "reason", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.Run(
      call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) {
        appeal.answer = comment;
        // An appeal rejected as abuse leaves the public list.
        if (request.reason() == Reason::ABUSE) appeal.visibility = Visibility::kPrivate;
        return ApplyStep(
            appeal,
            {.action = Action::kReject,
             .actor = actor,
             .now = appeal.updated,
             .comment = comment,
             .text = {"REJECTED_BECAUSE", {{"reason", Reason::Reason_Name(request.reason())}}}},
            change_.calendar(), record);
      });
}

absl::StatusOr<v1::Appeal> StaffCalls::ForwardAppeal(const rpc::Call& call,
                                                     const v1::ForwardAppealRequest& request,
                                                     Violations violations) {
  constexpr size_t kLongestAuthority = 300;
  const std::string authority =
      ReadText(request.authority(), "authority", kLongestAuthority, false, violations);
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.RunStep(call, {request.name(), "", request.etag()}, AppealChange::By::kStaff,
                         Action::kForward, absl::StrCat(authority, ": ", comment));
}

absl::StatusOr<v1::Appeal> StaffCalls::MergeAppeal(const rpc::Call& call,
                                                   const v1::MergeAppealRequest& request,
                                                   Violations violations) {
  const Viewer viewer = ViewerOf(call, "");
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(request.name()));
  auto into = ParseAppealName(request.into());
  if (!into.ok()) violations.Add("into", {"NAME_FORM", {{"form", "appeals/{id}"}}});
  RETURN_IF_ERROR(violations.ToStatus());
  // Check the caller's right to change the one and to see the other before telling anything of
  // them.
  ASSIGN_OR_RETURN(const Appeal repeat, FindVisible(change_.store(), request.name(), viewer));
  if (!IsStaffOf(repeat, call.principal())) return OtherDepartment();
  RETURN_IF_ERROR(FindVisible(change_.store(), request.into(), viewer).status());
  auto merge = [&](Appeal& from, Appeal& to, Record& from_record,
                   Record& to_record) -> absl::Status {
    if (!IsStaffOf(from, call.principal())) return OtherDepartment();
    RETURN_IF_ERROR(CheckEtag(from, request.etag()));
    if (OutcomeOf(to.state) == Outcome::kUnsolved) return MergeTargetGone(Name(to.state));
    const absl::Time now = change_.Now();
    const Actor actor = StaffActor(call.principal());
    RETURN_IF_ERROR(ApplyStep(from,
                              {.action = Action::kMerge,
                               .actor = actor,
                               .now = now,
                               .comment = AppealName(to.id),
                               .merged_into = to.id},
                              change_.calendar(), from_record));
    from.merged_into = to.id;
    to.updated = now;
    AddEntry(to_record, EntryType::kMergedFrom, actor, now, AppealName(from.id), Audience::kStaff);
    AddEvent(to_record, EventType::kMergedFrom, actor);
    return absl::OkStatus();
  };
  v1::Appeal response;
  RETURN_IF_ERROR(change_.database().Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Appeal merged, change_.store().Merge(transaction, id, *into, merge));
    response = ToWire(merged, View::kStaff);
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::appeals
