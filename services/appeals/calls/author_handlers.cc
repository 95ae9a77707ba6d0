#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/handlers.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

// What residents do: support, follow, withdraw, reopen, rate, write.

namespace veche::appeals {
namespace {

// A timeline is read in one piece, which must fit into one message of gRPC.
constexpr int64_t kMostMessages = 1'000;
constexpr int64_t kMostMessageCharacters = 500'000;

// Whether anybody would notice: support of what the city will not do is lost, and nothing more
// happens to what was merged or withdrawn.
absl::Status CheckTie(const Appeal& appeal, TieKind kind) {
  const bool support = kind == TieKind::kSupport;
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

absl::StatusOr<v1::Appeal> Handlers::SetTie(const rpc::Call& call, absl::string_view name,
                                            TieKind kind, bool on) {
  const Viewer viewer = ViewerOf(call, "");
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(name));
  ASSIGN_OR_RETURN(Ties ties, TiesOf(call, id));
  bool& tie = kind == TieKind::kSupport ? ties.supports : ties.follows;
  const bool tied = tie;
  tie = on;
  auto check = [&](const Appeal& appeal) -> absl::Status {
    // Nobody is kept tied to what has become private since.
    const bool leaves = !on && tied;
    if (ViewOf(appeal, viewer) == View::kNone && !leaves) return AppealNotFound(name);
    return on ? CheckTie(appeal, kind) : absl::OkStatus();
  };
  v1::Appeal response;
  auto remember = [&](sql::Transaction& transaction, const Appeal& changed) {
    const View view = ViewOf(changed, viewer);
    if (view == View::kNone) {
      response.set_name(AppealName(changed.id));
      response.set_supported(ties.supports);
      response.set_followed(ties.follows);
    } else {
      response = ToWire(changed, view, ties);
    }
    return call.Remember(transaction, response);
  };
  const Actor resident{Party::kAuthor, call.principal().name, ""};
  RETURN_IF_ERROR(d_.store.SetTie(id, kind, on, resident, check, remember).status());
  return response;
}

absl::StatusOr<v1::Appeal> Handlers::SupportAppeal(const rpc::Call& call,
                                                   const v1::SupportAppealRequest& request) {
  return SetTie(call, request.name(), TieKind::kSupport, true);
}

absl::StatusOr<v1::Appeal> Handlers::UnsupportAppeal(const rpc::Call& call,
                                                     const v1::UnsupportAppealRequest& request) {
  return SetTie(call, request.name(), TieKind::kSupport, false);
}

absl::StatusOr<v1::Appeal> Handlers::FollowAppeal(const rpc::Call& call,
                                                  const v1::FollowAppealRequest& request) {
  return SetTie(call, request.name(), TieKind::kFollow, true);
}

absl::StatusOr<v1::Appeal> Handlers::UnfollowAppeal(const rpc::Call& call,
                                                    const v1::UnfollowAppealRequest& request) {
  return SetTie(call, request.name(), TieKind::kFollow, false);
}

absl::StatusOr<v1::Appeal> Handlers::WithdrawAppeal(const rpc::Call& call,
                                                    const v1::WithdrawAppealRequest& request,
                                                    Violations violations) {
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return TakeStep(call, {request.name(), request.follow_token(), request.etag()}, By::kAuthor,
                  Action::kWithdraw, comment);
}

absl::StatusOr<v1::Appeal> Handlers::ReopenAppeal(const rpc::Call& call,
                                                  const v1::ReopenAppealRequest& request,
                                                  Violations violations) {
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return TakeStep(call, {request.name(), request.follow_token(), request.etag()}, By::kAuthor,
                  Action::kReopen, comment);
}

absl::StatusOr<v1::Appeal> Handlers::RateAppeal(const rpc::Call& call,
                                                const v1::RateAppealRequest& request,
                                                Violations violations) {
  if (request.score() < 1 || request.score() > 5) violations.Add("score", "must be from 1 to 5");
  const std::string comment =
      TakeText(request.comment(), "comment", kLongestComment, true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(
      call, {request.name(), request.follow_token(), request.etag()}, By::kAuthor,
      [&](Appeal& appeal, const Actor& actor, Record& record) -> absl::Status {
        RETURN_IF_ERROR(Take(
            appeal,
            {.action = Action::kRate, .actor = actor, .now = appeal.updated, .comment = comment},
            d_.calendar, record));
        appeal.rating = request.score();
        return absl::OkStatus();
      });
}

absl::StatusOr<v1::Message> Handlers::CreateMessage(const rpc::Call& call,
                                                    const v1::CreateMessageRequest& request,
                                                    Violations violations) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(request.parent()));
  Entry message;
  message.comment = TakeText(request.text(), "text", kLongestAnswer, false, violations);
  message.attach = TakeAttachments(request.attachments(), violations);
  message.attach_owner = call.principal().name;
  ASSIGN_OR_RETURN(std::vector<Attachment> attachments,
                   FindUnused(call, message.attach, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  message.type = std::string(request.internal() ? entry::kNote : entry::kComment);
  message.audience = request.internal() ? Audience::kStaff : Audience::kParties;
  message.time = Now();

  auto write = [&](Appeal& appeal, Record& record) -> absl::Status {
    if (ViewOf(appeal, viewer) == View::kNone) return AppealNotFound(request.parent());
    const bool staff = IsStaffOf(appeal, call.principal());
    if (!staff && (request.internal() || !IsAuthor(appeal, viewer))) {
      return call.principal().staff() ? OtherDepartment() : NotAuthor();
    }
    if (!request.internal() &&
        (appeal.state == State::kMerged || appeal.state == State::kWithdrawn)) {
      return NotInThisState(Name(appeal.state), "Nobody reads messages to it any more.");
    }
    message.id = appeal.entry_count + 1;
    message.actor = staff ? StaffActor(call.principal()) : AuthorActor(appeal, viewer);
    record.entries.push_back(message);
    appeal.updated = message.time;
    // Notes are not for followers of the log either.
    if (!request.internal()) AddEvent(record, "messaged", message.actor);
    if (staff || appeal.state != State::kNeedsInfo) return absl::OkStatus();
    return Take(appeal, {.action = Action::kGiveInfo, .actor = message.actor, .now = message.time},
                d_.calendar, record);
  };
  v1::Message response;
  auto remember = [&](sql::Transaction& transaction, const Appeal& appeal) -> absl::Status {
    // So few entries cannot hold too much.
    if (appeal.entry_count * static_cast<int64_t>(kLongestAnswer) > kMostMessageCharacters) {
      ASSIGN_OR_RETURN(const EntryTotals totals, d_.store.CountMessagesIn(transaction, id));
      if (totals.count > kMostMessages || totals.characters > kMostMessageCharacters) {
        return TooManyMessages();
      }
    }
    Entry written = message;
    written.attachments = attachments;
    response = MessageToWire(appeal.id, written);
    return call.Remember(transaction, response);
  };
  RETURN_IF_ERROR(d_.store.Update(id, write, remember).status());
  return response;
}

}  // namespace veche::appeals
