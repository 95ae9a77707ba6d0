#include "services/appeals/calls/message_calls.h"

#include <string>
#include <vector>

#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/calls/validation.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

// A timeline is read as a whole, so it must fit into one gRPC message.
constexpr int64_t kMostMessages = 1'000;
constexpr int64_t kMostMessageCharacters = 500'000;

absl::Status CheckRoomForMessages(Store& store, sql::Transaction& transaction,
                                  const Appeal& appeal) {
  // Cheap bound: skip counting while the limit cannot be reached.
  if (appeal.entry_count * static_cast<int64_t>(kLongestAnswer) <= kMostMessageCharacters) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const EntryTotals totals, store.CountMessages(transaction, appeal.id));
  const bool full = totals.count > kMostMessages || totals.characters > kMostMessageCharacters;
  return full ? TooManyMessages() : absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Message> MessageCalls::CreateMessage(const rpc::Call& call,
                                                        const v1::CreateMessageRequest& request,
                                                        Violations violations) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(request.parent()));
  Entry message;
  message.comment = ReadText(request.text(), "text", kLongestAnswer, false, violations);
  message.attach = ReadAttachments(request.attachments(), violations);
  message.attach_owner = call.principal().name;
  ASSIGN_OR_RETURN(std::vector<Attachment> attachments,
                   FindUnused(change_.store(), call, message.attach, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  message.type = request.internal() ? EntryType::kNote : EntryType::kComment;
  message.audience = request.internal() ? Audience::kStaff : Audience::kParties;
  message.time = change_.Now();

  auto write = [&](Appeal& appeal, Record& record) -> absl::Status {
    if (ViewOf(appeal, viewer) == View::kNone) return AppealNotFound(request.parent());
    const bool staff = IsStaffOf(appeal, call.principal());
    if (!staff && (request.internal() || !IsAuthor(appeal, viewer))) {
      return call.principal().staff() ? OtherDepartment() : NotAuthor();
    }
    if (!request.internal() &&
        (appeal.state == State::kMerged || appeal.state == State::kWithdrawn)) {
      return NotInThisState(Name(appeal.state));
    }
    message.id = appeal.entry_count + 1;
    message.actor = staff ? StaffActor(call.principal()) : AuthorActor(appeal, viewer);
    record.entries.push_back(message);
    appeal.updated = message.time;
    // Notes write no event, because other services follow the log.
    if (!request.internal()) AddEvent(record, EventType::kMessaged, message.actor);
    if (staff || appeal.state != State::kNeedsInfo) return absl::OkStatus();
    return ApplyStep(appeal,
                     {.action = Action::kGiveInfo, .actor = message.actor, .now = message.time},
                     change_.calendar(), record);
  };
  v1::Message response;
  RETURN_IF_ERROR(change_.database().Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const Appeal appeal, change_.store().Update(transaction, id, write));
    RETURN_IF_ERROR(CheckRoomForMessages(change_.store(), transaction, appeal));
    Entry written = message;
    written.attachments = attachments;
    response = MessageToWire(appeal.id, written);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListMessagesResponse> MessageCalls::ListMessages(
    const rpc::Call& call, const v1::ListMessagesRequest& request, Violations violations) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, FindVisible(change_.store(), request.parent(), viewer));
  const View view = ViewOf(appeal, viewer);
  if (view == View::kPublic) {
    return call.principal().staff() ? OtherDepartment() : NotAuthor();
  }
  const api::Page asked(request, "", violations);
  const auto place = asked.Numbers(1, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(std::vector<Entry> entries,
                   change_.store().ListMessages(appeal.id, view == View::kStaff,
                                                place ? (*place)[0] : 0, asked.size() + 1));
  v1::ListMessagesResponse response;
  api::PageBudget budget;
  for (size_t i = 0; i < entries.size(); ++i) {
    v1::Message wire = MessageToWire(appeal.id, entries[i]);
    if (i == static_cast<size_t>(asked.size()) || !budget.Fits(wire)) {
      response.set_next_page_token(asked.TokenAfter({entries[i - 1].id}));
      break;
    }
    *response.add_messages() = std::move(wire);
  }
  return response;
}

}  // namespace veche::appeals
