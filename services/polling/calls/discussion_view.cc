#include "services/polling/calls/discussion_view.h"

#include "absl/strings/match.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "common/text/mask.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::polling {

absl::Status CheckDiscussionOpen(const Initiative& initiative) {
  return IsOpen(initiative.state) ? absl::OkStatus() : DiscussionClosed(Name(initiative.state));
}

absl::StatusOr<Initiative> GetVisible(sql::Transaction& transaction, InitiativeStore& initiatives,
                                      absl::string_view id, const auth::Principal& principal) {
  ASSIGN_OR_RETURN(Initiative initiative, initiatives.Get(transaction, id));
  RETURN_IF_ERROR(CheckVisible(principal, initiative));
  return initiative;
}

v1::Comment ToWire(const Comment& comment, const auth::Principal& principal, CommentVote vote) {
  const bool mine = !principal.anonymous() && comment.author == principal.name;
  const bool moderator = IsModerator(principal);
  v1::Comment wire;
  wire.set_name(CommentName(comment.id));
  wire.set_parent(InitiativeName(comment.initiative));
  if (!comment.reply_to.empty()) wire.set_reply_to(CommentName(comment.reply_to));
  if (mine || moderator) {
    wire.set_text(comment.text);
    wire.set_hidden_reason(comment.hidden_reason);
    wire.set_held(IsHeld(comment));
  } else if (!comment.hidden) {
    wire.set_text(PublicText(comment));
  }
  wire.set_official(comment.official);
  wire.set_department(comment.department);
  *wire.mutable_create_time() = api::ToTimestamp(comment.created);
  wire.set_edited(IsEdited(comment));
  if (IsEdited(comment)) *wire.mutable_edit_time() = api::ToTimestamp(comment.text_time);
  wire.set_up_count(comment.up_count);
  wire.set_down_count(comment.down_count);
  wire.set_vote(static_cast<v1::Comment::Vote>(vote));
  wire.set_hidden(comment.hidden);
  wire.set_reply_count(comment.reply_count);
  wire.set_mine(mine);
  if (moderator) wire.set_report_count(comment.report_count);
  return wire;
}

absl::StatusOr<std::vector<v1::Comment>> ToWire(sql::Transaction& transaction, CommentStore& store,
                                                const std::vector<Comment>& comments,
                                                const auth::Principal& principal) {
  std::vector<std::string> ids;
  ids.reserve(comments.size());
  for (const Comment& comment : comments) ids.push_back(comment.id);
  ASSIGN_OR_RETURN(const auto votes,
                   store.VotesOf(transaction, principal.resident() ? principal.name : "", ids));
  std::vector<v1::Comment> wires;
  wires.reserve(comments.size());
  for (const Comment& comment : comments) {
    const auto vote = votes.find(comment.id);
    wires.push_back(
        ToWire(comment, principal, vote == votes.end() ? CommentVote::kNone : vote->second));
  }
  return wires;
}

absl::Status AppendCommentCreated(sql::Transaction& transaction, InitiativeStore& initiatives,
                                  const Initiative& initiative, const Comment& comment,
                                  const Comment* answered) {
  std::vector<std::string> residents;
  if (answered != nullptr && answered->author != comment.author &&
      absl::StartsWith(answered->author, "residents/")) {
    residents.push_back(answered->author);
  }
  return initiatives.AppendEvent(transaction, initiative,
                                 events::TypeName(v1::PollingEvent::COMMENT_CREATED), residents);
}

std::string MaskIfNeeded(const std::string& text) {
  std::string masked = text::MaskPersonalData(text);
  return masked == text ? "" : masked;
}

}  // namespace veche::polling
