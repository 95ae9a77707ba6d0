#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/handlers.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

// What departments do. Officers act on their own department's appeals, supervisors on all.

namespace veche::appeals {

absl::StatusOr<v1::Appeal> Handlers::StartAppeal(const rpc::Call& call,
                                                 const v1::StartAppealRequest& request) {
  return Change(call, {request.name(), "", request.etag()}, By::kStaff,
                [&](Appeal& appeal, const Actor& actor, Record& record) {
                  appeal.assignee = actor.name;
                  return Take(appeal,
                              {.action = Action::kStart, .actor = actor, .now = appeal.updated},
                              d_.calendar, record);
                });
}

absl::StatusOr<v1::Appeal> Handlers::RequestInfo(const rpc::Call& call,
                                                 const v1::RequestInfoRequest& request,
                                                 Violations violations) {
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return TakeStep(call, {request.name(), "", request.etag()}, By::kStaff, Action::kRequestInfo,
                  comment);
}

absl::StatusOr<v1::Appeal> Handlers::ResolveAppeal(const rpc::Call& call,
                                                   const v1::ResolveAppealRequest& request,
                                                   Violations violations) {
  const std::string answer =
      TakeText(request.answer(), "answer", kLongestAnswer, false, violations);
  const std::vector<std::string> attachments = TakeAttachments(request.attachments(), violations);
  RETURN_IF_ERROR(FindUnused(call, attachments, violations).status());
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(call, {request.name(), "", request.etag()}, By::kStaff,
                [&](Appeal& appeal, const Actor& actor, Record& record) {
                  appeal.answer = answer;
                  if (appeal.assignee.empty()) appeal.assignee = actor.name;
                  return Take(appeal,
                              {.action = Action::kResolve,
                               .actor = actor,
                               .now = appeal.updated,
                               .comment = answer,
                               .attach = attachments,
                               .attach_owner = call.principal().name},
                              d_.calendar, record);
                });
}

absl::StatusOr<v1::Appeal> Handlers::ReviewAppeal(const rpc::Call& call,
                                                  const v1::ReviewAppealRequest& request,
                                                  Violations violations) {
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(call, {request.name(), "", request.etag()}, By::kModerator,
                [&](Appeal& appeal, const Actor& actor, Record& record) {
                  appeal.moderation.waits = false;
                  AddEntry(record, entry::kReviewed, actor, appeal.updated, comment,
                           Audience::kStaff);
                  return absl::OkStatus();
                });
}

absl::StatusOr<v1::Appeal> Handlers::RejectAppeal(const rpc::Call& call,
                                                  const v1::RejectAppealRequest& request,
                                                  Violations violations) {
  using Reason = v1::RejectAppealRequest;
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestAnswer, false, violations);
  CheckEnum(request.reason(), Reason::Reason_IsValid, "reason", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(
      call, {request.name(), "", request.etag()}, By::kStaff,
      [&](Appeal& appeal, const Actor& actor, Record& record) {
        appeal.answer = comment;
        // Abuse is nothing for the public list.
        if (request.reason() == Reason::ABUSE) appeal.visibility = Visibility::kPrivate;
        return Take(appeal,
                    {.action = Action::kReject,
                     .actor = actor,
                     .now = appeal.updated,
                     .comment = absl::StrCat(Reason::Reason_Name(request.reason()), ": ", comment)},
                    d_.calendar, record);
      });
}

absl::StatusOr<v1::Appeal> Handlers::ForwardAppeal(const rpc::Call& call,
                                                   const v1::ForwardAppealRequest& request,
                                                   Violations violations) {
  constexpr size_t kLongestAuthority = 300;
  const std::string authority =
      TakeText(request.authority(), "authority", kLongestAuthority, false, violations);
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return TakeStep(call, {request.name(), "", request.etag()}, By::kStaff, Action::kForward,
                  absl::StrCat(authority, ": ", comment));
}

absl::StatusOr<v1::Appeal> Handlers::MergeAppeal(const rpc::Call& call,
                                                 const v1::MergeAppealRequest& request,
                                                 Violations violations) {
  const Viewer viewer = ViewerOf(call, "");
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(request.name()));
  auto into = ParseAppealName(request.into());
  if (!into.ok()) violations.Add("into", "must be the name of an appeal: appeals/{id}");
  RETURN_IF_ERROR(violations.ToStatus());
  // Before anything about the two is told: whether the caller may act on the one and see the other.
  ASSIGN_OR_RETURN(const Appeal repeat, Find(request.name(), viewer));
  if (!IsStaffOf(repeat, call.principal())) return OtherDepartment();
  RETURN_IF_ERROR(Find(request.into(), viewer).status());
  auto merge = [&](Appeal& from, Appeal& to, Record& from_record,
                   Record& to_record) -> absl::Status {
    if (!IsStaffOf(from, call.principal())) return OtherDepartment();
    RETURN_IF_ERROR(CheckEtag(from, request.etag()));
    if (OutcomeOf(to.state) == Outcome::kUnsolved) return MergeTargetGone(Name(to.state));
    const absl::Time now = Now();
    const Actor actor = StaffActor(call.principal());
    RETURN_IF_ERROR(Take(from,
                         {.action = Action::kMerge,
                          .actor = actor,
                          .now = now,
                          .comment = AppealName(to.id),
                          .merged_into = to.id},
                         d_.calendar, from_record));
    from.merged_into = to.id;
    to.updated = now;
    AddEntry(to_record, entry::kMergedFrom, actor, now, AppealName(from.id), Audience::kStaff);
    AddEvent(to_record, "merged_from", actor);
    return absl::OkStatus();
  };
  v1::Appeal response;
  auto remember = [&](sql::Transaction& transaction, const Appeal& merged) {
    response = ToWire(merged, View::kStaff);
    return call.Remember(transaction, response);
  };
  RETURN_IF_ERROR(d_.store.Merge(id, *into, merge, remember).status());
  return response;
}

}  // namespace veche::appeals
