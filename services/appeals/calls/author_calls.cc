#include "services/appeals/calls/author_calls.h"

#include <string>

#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

// The support of a rejected appeal is not counted; a merged or withdrawn appeal does not change.
absl::Status CheckRelation(const Appeal& appeal, RelationKind kind) {
  const bool support = kind == RelationKind::kSupport;
  const absl::string_view action = support ? "SUPPORT" : "FOLLOW";
  switch (appeal.state) {
    case State::kMerged:
      return TransitionNotAllowedMerged(action, AppealName(appeal.merged_into));
    case State::kRejected:
      return support ? TransitionNotAllowed(Name(appeal.state), action) : absl::OkStatus();
    case State::kWithdrawn:
      return TransitionNotAllowed(Name(appeal.state), action);
    default:
      return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<v1::Appeal> AuthorCalls::SetRelation(const rpc::Call& call, absl::string_view name,
                                                    RelationKind kind, bool on) {
  const Viewer viewer = ViewerOf(call, "");
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(name));
  ASSIGN_OR_RETURN(Relations relations, RelationsOf(change_.store(), call, id));
  bool& relation = kind == RelationKind::kSupport ? relations.supports : relations.follows;
  const bool removes = relation && !on;
  relation = on;
  auto check = [&](const Appeal& appeal) -> absl::Status {
    // A resident who supports or follows an appeal that became private later may still stop.
    if (ViewOf(appeal, viewer) == View::kNone && !removes) return AppealNotFound(name);
    return on ? CheckRelation(appeal, kind) : absl::OkStatus();
  };
  const Actor resident{Party::kAuthor, call.principal().name, ""};
  v1::Appeal response;
  RETURN_IF_ERROR(change_.database().Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Appeal changed,
                     change_.store().SetRelation(transaction, id, kind, on, resident, check));
    const View view = ViewOf(changed, viewer);
    if (view == View::kNone) {
      response.set_name(AppealName(changed.id));
      response.set_supported(relations.supports);
      response.set_followed(relations.follows);
    } else {
      response = ToWire(changed, view, relations);
    }
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Appeal> AuthorCalls::SupportAppeal(const rpc::Call& call,
                                                      const v1::SupportAppealRequest& request) {
  return SetRelation(call, request.name(), RelationKind::kSupport, true);
}

absl::StatusOr<v1::Appeal> AuthorCalls::UnsupportAppeal(const rpc::Call& call,
                                                        const v1::UnsupportAppealRequest& request) {
  return SetRelation(call, request.name(), RelationKind::kSupport, false);
}

absl::StatusOr<v1::Appeal> AuthorCalls::FollowAppeal(const rpc::Call& call,
                                                     const v1::FollowAppealRequest& request) {
  return SetRelation(call, request.name(), RelationKind::kFollow, true);
}

absl::StatusOr<v1::Appeal> AuthorCalls::UnfollowAppeal(const rpc::Call& call,
                                                       const v1::UnfollowAppealRequest& request) {
  return SetRelation(call, request.name(), RelationKind::kFollow, false);
}

absl::StatusOr<v1::Appeal> AuthorCalls::WithdrawAppeal(const rpc::Call& call,
                                                       const v1::WithdrawAppealRequest& request,
                                                       Violations violations) {
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.RunStep(call, {request.name(), request.follow_token(), request.etag()},
                         AppealChange::By::kAuthor, Action::kWithdraw, comment);
}

absl::StatusOr<v1::Appeal> AuthorCalls::ReopenAppeal(const rpc::Call& call,
                                                     const v1::ReopenAppealRequest& request,
                                                     Violations violations) {
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.RunStep(call, {request.name(), request.follow_token(), request.etag()},
                         AppealChange::By::kAuthor, Action::kReopen, comment);
}

absl::StatusOr<v1::Appeal> AuthorCalls::RateAppeal(const rpc::Call& call,
                                                   const v1::RateAppealRequest& request,
                                                   Violations violations) {
  if (request.score() < 1 || request.score() > 5)
    violations.Add("score", {"OUT_OF_RANGE", {{"least", "1"}, {"most", "5"}}});
  const std::string comment =
      ReadText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return change_.Run(
      call, {request.name(), request.follow_token(), request.etag()}, AppealChange::By::kAuthor,
      [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
        RETURN_IF_ERROR(ApplyStep(
            appeal,
            {.action = Action::kRate, .actor = actor, .now = appeal.updated, .comment = comment},
            change_.calendar(), record));
        appeal.rating = request.score();
        return absl::OkStatus();
      });
}

}  // namespace veche::appeals
