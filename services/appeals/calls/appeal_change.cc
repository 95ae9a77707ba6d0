#include "services/appeals/calls/appeal_change.h"

#include <string>

#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

// The limit of steps of one appeal: with the messages, they still fit into one answer.
constexpr int64_t kMostSteps = 500;
constexpr int64_t kMostStepCharacters = 500'000;

}  // namespace

absl::StatusOr<v1::Appeal> AppealChange::Run(const rpc::Call& call, const Target& target, By by,
                                             Change change, AlsoWrite also) const {
  const Viewer viewer = ViewerOf(call, target.follow_token);
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(target.name));
  ASSIGN_OR_RETURN(const Relations relations, RelationsOf(store_, call, id));
  View view = View::kNone;
  bool ends = false;
  auto checked_change = [&](Appeal& appeal, Record& record) -> absl::Status {
    view = ViewOf(appeal, viewer);
    if (view == View::kNone && by != By::kModerator) return AppealNotFound(target.name);
    if (by == By::kAuthor && !IsAuthor(appeal, viewer)) return NotAuthor();
    if (by == By::kStaff && view != View::kStaff) return OtherDepartment();
    RETURN_IF_ERROR(CheckEtag(appeal, target.etag));
    appeal.updated = Now();
    const bool open = IsOpen(appeal.state);
    RETURN_IF_ERROR(change(
        appeal, by == By::kAuthor ? AuthorActor(appeal, viewer) : StaffActor(call.principal()),
        record));
    ends = open && !IsOpen(appeal.state);
    return absl::OkStatus();
  };
  v1::Appeal response;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Appeal appeal, store_.Update(transaction, id, checked_change));
    if (!ends) RETURN_IF_ERROR(CheckRoomForSteps(transaction, appeal));
    RETURN_IF_ERROR(also(transaction, appeal));
    response = ToWire(appeal, view == View::kNone ? View::kPublic : view, relations);
    if (by == By::kModerator && view != View::kStaff) AddModeration(appeal, response);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Appeal> AppealChange::RunStep(const rpc::Call& call, const Target& target, By by,
                                                 Action action, absl::string_view comment) const {
  return Run(call, target, by, [&](Appeal& appeal, const Actor& actor, Record& record) {
    return ApplyStep(
        appeal,
        {.action = action, .actor = actor, .now = appeal.updated, .comment = std::string(comment)},
        calendar_, record);
  });
}

// Without this limit a timeline could grow for ever: staff can assign again and again, and an
// author and staff can reopen and resolve in turn.
absl::Status AppealChange::CheckRoomForSteps(sql::Transaction& transaction,
                                             const Appeal& appeal) const {
  // Cheap bound: skip counting while the limit cannot be reached.
  const bool few = appeal.entry_count <= kMostSteps &&
                   appeal.entry_count * static_cast<int64_t>(kLongestAnswer) <= kMostStepCharacters;
  if (few) return absl::OkStatus();
  ASSIGN_OR_RETURN(const EntryTotals totals, store_.CountSteps(transaction, appeal.id));
  const bool full = totals.count > kMostSteps || totals.characters > kMostStepCharacters;
  return full ? TimelineFull() : absl::OkStatus();
}

}  // namespace veche::appeals
