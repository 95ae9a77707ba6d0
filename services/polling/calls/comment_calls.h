#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/discussions.pb.h"

namespace veche::polling {

// Writing, reading, editing and voting on comments. Thread-safe; blocking.
class CommentCalls {
 public:
  struct Parts {
    sql::Database& database;
    InitiativeStore& initiatives;
    CommentStore& comments;
    const Clock& clock;
    IdSource& ids;
  };
  // All of `parts` must outlive it.
  explicit CommentCalls(Parts parts) : parts_(parts) {}

  absl::StatusOr<v1::Comment> CreateComment(const rpc::Call& call,
                                            const v1::CreateCommentRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::ListCommentsResponse> ListComments(const rpc::Call& call,
                                                        const v1::ListCommentsRequest& request,
                                                        Violations violations = {});
  absl::StatusOr<v1::Comment> VoteOnComment(const rpc::Call& call,
                                            const v1::VoteOnCommentRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::Comment> EditComment(const rpc::Call& call,
                                          const v1::EditCommentRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::CommentHistory> GetCommentHistory(const rpc::Call& call,
                                                       const v1::GetCommentHistoryRequest& request);

 private:
  absl::Time Now() const;
  // TOO_MANY_COMMENTS, or a violation of "text": what a resident may not write now. Locks the
  // resident's row.
  absl::Status CheckWriter(sql::Transaction& transaction, const Comment& comment);
  // Tells the author of the comment that is answered.
  absl::Status AppendEvent(sql::Transaction& transaction, const Initiative& initiative,
                           const Comment& comment, const Comment* answered);

  const Parts parts_;
};

}  // namespace veche::polling
