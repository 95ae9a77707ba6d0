#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/sql/database.h"
#include "services/polling/domain/comment.h"
#include "services/polling/domain/initiative.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/discussions.pb.h"

// What a caller may see of discussions.

namespace veche::polling {

// DISCUSSION_CLOSED unless the initiative takes comments and votes.
absl::Status CheckDiscussionOpen(const Initiative& initiative);
// The initiative `id` if the caller may see it.
absl::StatusOr<Initiative> GetVisible(sql::Transaction& transaction, InitiativeStore& initiatives,
                                      absl::string_view id, const auth::Principal& principal);

// The wire form for the caller. Never names the author.
v1::Comment ToWire(const Comment& comment, const auth::Principal& principal, CommentVote vote);
// The same for each, with the caller's votes.
absl::StatusOr<std::vector<v1::Comment>> ToWire(sql::Transaction& transaction, CommentStore& store,
                                                const std::vector<Comment>& comments,
                                                const auth::Principal& principal);

// Appends the event of a comment that the public can read from now on. It tells the author of the
// comment that is answered; null: none.
absl::Status AppendCommentCreated(sql::Transaction& transaction, InitiativeStore& initiatives,
                                  const Initiative& initiative, const Comment& comment,
                                  const Comment* answered);

// A text with personal data masked; "" when there is nothing to mask.
std::string MaskIfNeeded(const std::string& text);

}  // namespace veche::polling
