#pragma once

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/remote/spam_check.h"
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
    SpamCheck spam_check;  // of new accounts
  };
  // What `parts` refers to must outlive it.
  explicit CommentCalls(Parts parts) : parts_(std::move(parts)) {}

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
  // What the author wrote last, without the comment itself.
  absl::StatusOr<std::vector<Comment>> WrittenBefore(sql::Transaction& transaction,
                                                     const Comment& comment);
  // Whether a moderator has to see the comment before the public, because its author's account is
  // new and the spam check does not answer. A violation of "text" when it is spam. Not within a
  // transaction: asks another service.
  absl::StatusOr<bool> MustBeHeld(const rpc::Call& call, const Comment& comment);

  const Parts parts_;
};

}  // namespace veche::polling
