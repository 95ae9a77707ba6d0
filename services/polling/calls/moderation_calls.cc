#include "services/polling/calls/moderation_calls.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/page.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "services/polling/calls/discussion_view.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/initiative_names.h"
#include "veche/polling/v1/events.pb.h"

namespace veche::polling {
namespace {

constexpr TextBounds kReason = {.most = 500};
constexpr int kShownReasons = 5;

bool IsPlace(absl::string_view place) {
  const std::vector<absl::string_view> parts = absl::StrSplit(place, ',');
  int64_t count = 0;
  return parts.size() == 2 && absl::SimpleAtoi(parts[0], &count) && IsUlid(parts[1]);
}

}  // namespace

absl::StatusOr<v1::ReportCommentResponse> ModerationCalls::ReportComment(
    const rpc::Call& call, const v1::ReportCommentRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const std::string id, ParseCommentName(request.name()));
  const std::string reason = ReadText(request.reason(), "reason", kReason, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const absl::Time now = clock_.Now();
  v1::ReportCommentResponse response;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Comment comment, comments_.Lock(transaction, id));
    RETURN_IF_ERROR(
        GetVisible(transaction, initiatives_, comment.initiative, call.principal()).status());
    // A hidden comment needs no report.
    if (!comment.hidden) {
      RETURN_IF_ERROR(
          comments_.AddReport(transaction, comment, call.principal().name, reason, now));
      RETURN_IF_ERROR(comments_.Save(transaction, comment));
    }
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListReportedCommentsResponse> ModerationCalls::ListReportedComments(
    const rpc::Call& call, const v1::ListReportedCommentsRequest& request, Violations violations) {
  const api::Page asked(request, "", violations);
  const std::string token = asked.Place(IsPlace, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  std::optional<CommentPlace> place;
  if (!token.empty()) {
    const std::vector<absl::string_view> parts = absl::StrSplit(token, ',');
    place.emplace();
    (void)absl::SimpleAtoi(parts[0], &place->rank);
    place->id = std::string(parts[1]);
  }
  v1::ListReportedCommentsResponse response;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::vector<Comment> comments,
                     comments_.ListReported(transaction, place, asked.size()));
    for (size_t i = 0; i < comments.size(); ++i) {
      if (static_cast<int>(i) == asked.size()) {
        const Comment& last = comments[i - 1];
        response.set_next_page_token(
            asked.TokenAfter(absl::StrCat(last.report_count, ",", last.id)));
        break;
      }
      v1::Comment& wire = *response.add_comments();
      wire = ToWire(comments[i], call.principal(), CommentVote::kNone);
      ASSIGN_OR_RETURN(const auto reasons,
                       comments_.ReportReasons(transaction, comments[i].id, kShownReasons));
      for (const std::string& reason : reasons) wire.add_report_reasons(reason);
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::Comment> ModerationCalls::Decide(const rpc::Call& call, absl::string_view name,
                                                    Change change) {
  ASSIGN_OR_RETURN(const std::string id, ParseCommentName(name));
  v1::Comment response;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Comment comment, comments_.Lock(transaction, id));
    RETURN_IF_ERROR(change(transaction, comment));
    RETURN_IF_ERROR(comments_.SettleReports(transaction, comment));
    RETURN_IF_ERROR(comments_.Save(transaction, comment));
    response = ToWire(comment, call.principal(), CommentVote::kNone);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Comment> ModerationCalls::HideComment(const rpc::Call& call,
                                                         const v1::HideCommentRequest& request,
                                                         Violations violations) {
  const std::string reason = ReadText(request.reason(), "reason", kReason, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Decide(
      call, request.name(), [&](sql::Transaction& transaction, Comment& comment) -> absl::Status {
        const bool decided = comment.hidden && !IsHeld(comment);
        comment.hidden = true;
        comment.hidden_reason = reason;
        comment.hidden_by = call.principal().name;
        if (decided) return absl::OkStatus();
        ASSIGN_OR_RETURN(const Initiative initiative,
                         initiatives_.Get(transaction, comment.initiative));
        std::vector<std::string> residents;
        if (absl::StartsWith(comment.author, "residents/")) {
          residents.push_back(comment.author);
        }
        return initiatives_.AppendEvent(
            transaction, initiative, events::TypeName(v1::PollingEvent::COMMENT_HIDDEN), residents);
      });
}

absl::StatusOr<v1::Comment> ModerationCalls::KeepComment(const rpc::Call& call,
                                                         const v1::KeepCommentRequest& request) {
  return Decide(call, request.name(),
                [&](sql::Transaction& transaction, Comment& comment) -> absl::Status {
                  // A comment that was held since an edit was announced when it was written.
                  const bool is_new = IsHeld(comment) && comment.edit_count == 0;
                  comment.hidden = false;
                  comment.hidden_reason.clear();
                  comment.hidden_by.clear();
                  if (!is_new) return absl::OkStatus();
                  ASSIGN_OR_RETURN(const Initiative initiative,
                                   initiatives_.Get(transaction, comment.initiative));
                  std::optional<Comment> answered;
                  if (!comment.reply_to.empty()) {
                    ASSIGN_OR_RETURN(answered, comments_.Get(transaction, comment.reply_to));
                  }
                  return AppendCommentCreated(transaction, initiatives_, initiative, comment,
                                              answered ? &*answered : nullptr);
                });
}

}  // namespace veche::polling
