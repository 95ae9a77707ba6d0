#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/discussions.pb.h"

namespace veche::polling {

// Reports of comments, and what moderators decide. Possible in closed discussions too. Thread-safe;
// blocking.
class ModerationCalls {
 public:
  // All must outlive it.
  ModerationCalls(sql::Database& database, InitiativeStore& initiatives, CommentStore& comments,
                  const Clock& clock)
      : database_(database), initiatives_(initiatives), comments_(comments), clock_(clock) {}

  absl::StatusOr<v1::ReportCommentResponse> ReportComment(const rpc::Call& call,
                                                          const v1::ReportCommentRequest& request,
                                                          Violations violations = {});
  absl::StatusOr<v1::ListReportedCommentsResponse> ListReportedComments(
      const rpc::Call& call, const v1::ListReportedCommentsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::Comment> HideComment(const rpc::Call& call,
                                          const v1::HideCommentRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Comment> KeepComment(const rpc::Call& call,
                                          const v1::KeepCommentRequest& request);

 private:
  using Change = absl::FunctionRef<absl::Status(sql::Transaction&, Comment&)>;
  // Locks the comment, changes it, settles its reports and saves it.
  absl::StatusOr<v1::Comment> Decide(const rpc::Call& call, absl::string_view name, Change change);

  sql::Database& database_;
  InitiativeStore& initiatives_;
  CommentStore& comments_;
  const Clock& clock_;
};

}  // namespace veche::polling
