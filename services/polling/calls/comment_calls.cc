#include "services/polling/calls/comment_calls.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/page.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/text/mask.h"
#include "services/polling/calls/discussion_view.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/comment_rules.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"

namespace veche::polling {
namespace {

constexpr TextBounds kText = {.most = 3'000};
constexpr int kRemembered = 200;  // of the writer's comments of a day
constexpr size_t kCompared = 5;   // of them, with the new text

bool IsPlace(absl::string_view place) {
  const std::vector<absl::string_view> parts = absl::StrSplit(place, ',');
  int64_t rank = 0;
  return parts.size() == 2 && absl::SimpleAtoi(parts[0], &rank) && IsUlid(parts[1]);
}

std::optional<CommentPlace> ReadPlace(const std::string& place) {
  if (place.empty()) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(place, ',');
  CommentPlace read;
  if (!absl::SimpleAtoi(parts[0], &read.rank)) return std::nullopt;
  read.id = std::string(parts[1]);
  return read;
}

CommentFilter::Order OrderOf(const v1::ListCommentsRequest& request) {
  switch (request.sort()) {
    case v1::ListCommentsRequest::BEST:
      return CommentFilter::Order::kBest;
    case v1::ListCommentsRequest::NEW:
      return CommentFilter::Order::kNewest;
    default:
      return request.reply_to().empty() ? CommentFilter::Order::kBest
                                        : CommentFilter::Order::kOldest;
  }
}

// The texts that a new one is compared with.
std::vector<std::string> TextsOf(const std::vector<Comment>& written) {
  std::vector<std::string> texts;
  for (const Comment& comment : written) {
    if (texts.size() == kCompared) break;
    texts.push_back(comment.text);
  }
  return texts;
}

// A violation of "text", or OK when there is no problem.
absl::Status Refuse(const Text& problem) {
  Violations violations;
  if (!problem.empty()) violations.Add("text", problem);
  return violations.ToStatus();
}

}  // namespace

absl::Time CommentCalls::Now() const {
  return absl::FromUnixMillis(absl::ToUnixMillis(parts_.clock.Now()));
}

absl::StatusOr<std::vector<Comment>> CommentCalls::WrittenBefore(sql::Transaction& transaction,
                                                                 const Comment& comment) {
  ASSIGN_OR_RETURN(std::vector<Comment> written,
                   parts_.comments.ListWritten(transaction, comment.author,
                                               comment.text_time - absl::Hours(24), kRemembered));
  std::erase_if(written, [&](const Comment& earlier) { return earlier.id == comment.id; });
  return written;
}

absl::StatusOr<bool> CommentCalls::MustBeHeld(const rpc::Call& call, const Comment& comment) {
  if (AccountAge(comment.author, comment.text_time) >= kNewAccount) return false;
  std::vector<Comment> written;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(written, WrittenBefore(transaction, comment));
    return absl::OkStatus();
  }));
  const absl::StatusOr<Text> problem = parts_.spam_check(call, comment.text, TextsOf(written));
  if (!problem.ok()) return true;
  RETURN_IF_ERROR(Refuse(*problem));
  return false;
}

absl::Status CommentCalls::CheckWriter(sql::Transaction& transaction, const Comment& comment) {
  const absl::Time now = comment.text_time;
  RETURN_IF_ERROR(parts_.initiatives.LockWriter(transaction, comment.author, now));
  ASSIGN_OR_RETURN(const std::vector<Comment> written, WrittenBefore(transaction, comment));
  if (comment.edit_count == 0) {
    std::vector<absl::Time> times;
    for (const Comment& earlier : written) times.push_back(earlier.created);
    const absl::Duration wait =
        WaitBeforeNext(LimitsFor(AccountAge(comment.author, now)), times, now);
    if (wait > absl::ZeroDuration()) return TooManyComments(wait);
  }
  return Refuse(SpamProblem(comment.text, TextsOf(written)));
}

absl::StatusOr<v1::Comment> CommentCalls::CreateComment(const rpc::Call& call,
                                                        const v1::CreateCommentRequest& request,
                                                        Violations violations) {
  ASSIGN_OR_RETURN(const std::string initiative_id, ParseInitiativeName(request.parent()));
  Comment comment;
  comment.text = ReadText(request.text(), "text", kText, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (!request.reply_to().empty()) {
    ASSIGN_OR_RETURN(comment.reply_to, ParseCommentName(request.reply_to()));
  }
  const auth::Principal& principal = call.principal();
  comment.masked_text = MaskIfNeeded(comment.text);
  comment.initiative = initiative_id;
  comment.author = principal.name;
  comment.official = principal.staff();
  comment.department = principal.department;
  comment.created = comment.text_time = Now();
  comment.id = parts_.ids.NewAt(comment.created);
  ASSIGN_OR_RETURN(const bool held, MustBeHeld(call, comment));
  if (held) Hold(comment);
  v1::Comment response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    // Locked, so that a discussion does not close meanwhile.
    ASSIGN_OR_RETURN(const Initiative initiative,
                     parts_.initiatives.Lock(transaction, initiative_id));
    RETURN_IF_ERROR(CheckVisible(principal, initiative));
    RETURN_IF_ERROR(CheckDiscussionOpen(initiative));
    std::optional<Comment> answered;
    if (!comment.reply_to.empty()) {
      ASSIGN_OR_RETURN(answered, parts_.comments.Get(transaction, comment.reply_to));
      if (answered->initiative != initiative_id) return CommentNotFound(request.reply_to());
      if (!answered->reply_to.empty()) return ReplyTooDeep();
      if (answered->hidden) return CommentIsHidden();
    }
    if (principal.resident()) RETURN_IF_ERROR(CheckWriter(transaction, comment));
    RETURN_IF_ERROR(parts_.comments.Create(transaction, comment));
    if (!held) {
      RETURN_IF_ERROR(AppendCommentCreated(transaction, parts_.initiatives, initiative, comment,
                                           answered ? &*answered : nullptr));
    }
    response = ToWire(comment, principal, CommentVote::kNone);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListCommentsResponse> CommentCalls::ListComments(
    const rpc::Call& call, const v1::ListCommentsRequest& request, Violations violations) {
  CommentFilter filter;
  ASSIGN_OR_RETURN(filter.initiative, ParseInitiativeName(request.parent()));
  if (!v1::ListCommentsRequest::Sort_IsValid(request.sort())) {
    violations.Add("sort", "UNKNOWN_VALUE");
  }
  const api::Page asked(request, "", violations);
  const auto place = ReadPlace(asked.Place(IsPlace, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  if (!request.reply_to().empty()) {
    ASSIGN_OR_RETURN(filter.reply_to, ParseCommentName(request.reply_to()));
  }
  filter.order = OrderOf(request);
  std::vector<Comment> comments;
  std::vector<v1::Comment> wires;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        GetVisible(transaction, parts_.initiatives, filter.initiative, call.principal()).status());
    ASSIGN_OR_RETURN(comments, parts_.comments.List(transaction, filter, place, asked.size()));
    ASSIGN_OR_RETURN(wires, ToWire(transaction, parts_.comments, comments, call.principal()));
    return absl::OkStatus();
  }));
  v1::ListCommentsResponse response;
  api::PageBudget budget;
  for (size_t i = 0; i < wires.size(); ++i) {
    if (static_cast<int>(i) == asked.size() || !budget.Fits(wires[i])) {
      const Comment& last = comments[i - 1];
      response.set_next_page_token(asked.TokenAfter(absl::StrCat(last.rank, ",", last.id)));
      break;
    }
    *response.add_comments() = std::move(wires[i]);
  }
  return response;
}

absl::StatusOr<v1::Comment> CommentCalls::VoteOnComment(const rpc::Call& call,
                                                        const v1::VoteOnCommentRequest& request,
                                                        Violations violations) {
  ASSIGN_OR_RETURN(const std::string id, ParseCommentName(request.name()));
  CommentVote vote = CommentVote::kNone;
  switch (request.value()) {
    case v1::Comment::UP:
      vote = CommentVote::kUp;
      break;
    case v1::Comment::DOWN:
      vote = CommentVote::kDown;
      break;
    case v1::Comment::NONE:
      break;
    default:
      violations.Add("value", "UNKNOWN_VALUE");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  v1::Comment response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Comment comment, parts_.comments.Lock(transaction, id));
    ASSIGN_OR_RETURN(const Initiative initiative, GetVisible(transaction, parts_.initiatives,
                                                             comment.initiative, call.principal()));
    RETURN_IF_ERROR(CheckDiscussionOpen(initiative));
    if (comment.hidden) return CommentIsHidden();
    RETURN_IF_ERROR(parts_.comments.SetVote(transaction, comment, call.principal().name, vote));
    RETURN_IF_ERROR(parts_.comments.Save(transaction, comment));
    response = ToWire(comment, call.principal(), vote);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Comment> CommentCalls::EditComment(const rpc::Call& call,
                                                      const v1::EditCommentRequest& request,
                                                      Violations violations) {
  ASSIGN_OR_RETURN(const std::string id, ParseCommentName(request.name()));
  const std::string text = ReadText(request.text(), "text", kText, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string masked = MaskIfNeeded(text);
  const auth::Principal& principal = call.principal();
  const absl::Time now = Now();
  ASSIGN_OR_RETURN(
      const bool held,
      MustBeHeld(call, {.id = id, .author = principal.name, .text = text, .text_time = now}));
  v1::Comment response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Comment comment, parts_.comments.Lock(transaction, id));
    ASSIGN_OR_RETURN(const Initiative initiative,
                     GetVisible(transaction, parts_.initiatives, comment.initiative, principal));
    if (comment.author != principal.name) return NotCommentAuthor();
    RETURN_IF_ERROR(CheckDiscussionOpen(initiative));
    if (comment.hidden) return CommentIsHidden();
    if (comment.text != text) {
      if (comment.edit_count >= kMostEdits) return TooManyEdits();
      const CommentVersion replaced = Edit(text, masked, now, comment);
      if (held) Hold(comment);
      if (principal.resident()) RETURN_IF_ERROR(CheckWriter(transaction, comment));
      RETURN_IF_ERROR(parts_.comments.AddVersion(transaction, comment, replaced));
      RETURN_IF_ERROR(parts_.comments.Save(transaction, comment));
    }
    ASSIGN_OR_RETURN(auto wires, ToWire(transaction, parts_.comments, {comment}, principal));
    response = std::move(wires[0]);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::CommentHistory> CommentCalls::GetCommentHistory(
    const rpc::Call& call, const v1::GetCommentHistoryRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCommentName(request.name()));
  const auth::Principal& principal = call.principal();
  Comment comment;
  std::vector<CommentVersion> versions;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(comment, parts_.comments.Get(transaction, id));
    RETURN_IF_ERROR(
        GetVisible(transaction, parts_.initiatives, comment.initiative, principal).status());
    ASSIGN_OR_RETURN(versions, parts_.comments.ListVersions(transaction, id));
    return absl::OkStatus();
  }));
  const bool moderator = IsModerator(principal);
  const bool mine = !principal.anonymous() && comment.author == principal.name;
  if (comment.hidden && !moderator && !mine) return CommentIsHidden();
  if (!moderator) versions = ShownVersions(comment, std::move(versions));
  v1::CommentHistory history;
  for (const CommentVersion& version : versions) {
    auto& added = *history.add_versions();
    added.set_text(moderator || mine ? version.text : text::MaskPersonalData(version.text));
    *added.mutable_time() = api::ToTimestamp(version.time);
  }
  return history;
}

}  // namespace veche::polling
