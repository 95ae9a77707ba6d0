#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/polling/domain/comment.h"

namespace veche::polling {

// Which comments a list has, and in which order.
struct CommentFilter {
  enum class Order { kBest, kNewest, kOldest };
  std::string initiative;
  std::string reply_to;  // "": the first level
  Order order = Order::kBest;
};
// Where a page begins: after the comment with this rank (or count of reports) and this id.
struct CommentPlace {
  int64_t rank = 0;
  std::string id;
};

// Keeps comments, their votes, reports and earlier texts. A change of a comment is Lock, a rule of
// the domain, Save. Stateless; thread-safe.
class CommentStore {
 public:
  // Also counts it at the comment that it answers and at its initiative, which both exist.
  absl::Status Create(sql::Transaction& transaction, const Comment& comment);
  // COMMENT_NOT_FOUND when there is none.
  absl::StatusOr<Comment> Get(sql::Transaction& transaction, absl::string_view id);
  // The same, and others who lock or change it wait until the transaction ends.
  absl::StatusOr<Comment> Lock(sql::Transaction& transaction, absl::string_view id);
  // Writes a locked comment, without its count of replies.
  absl::Status Save(sql::Transaction& transaction, const Comment& comment);

  // Sets the resident's vote on a locked comment, and counts and ranks it.
  absl::Status SetVote(sql::Transaction& transaction, Comment& comment, absl::string_view resident,
                       CommentVote vote);
  // Of the comments with `ids`; those without a vote are absent.
  absl::StatusOr<absl::flat_hash_map<std::string, CommentVote>> VotesOf(
      sql::Transaction& transaction, absl::string_view resident, absl::Span<const std::string> ids);

  // Adds a resident's report of a locked comment and counts it; a repeat changes nothing.
  absl::Status AddReport(sql::Transaction& transaction, Comment& comment,
                         absl::string_view resident, absl::string_view reason, absl::Time now);
  // Settles all reports of a locked comment.
  absl::Status SettleReports(sql::Transaction& transaction, Comment& comment);
  // The reasons of the newest reports that are not settled.
  absl::StatusOr<std::vector<std::string>> ReportReasons(sql::Transaction& transaction,
                                                         absl::string_view id, int limit);

  absl::Status AddVersion(sql::Transaction& transaction, const Comment& comment,
                          const CommentVersion& replaced);
  // Earlier texts, oldest first.
  absl::StatusOr<std::vector<CommentVersion>> ListVersions(sql::Transaction& transaction,
                                                           absl::string_view id);

  // One more comment than `limit` when there are more.
  absl::StatusOr<std::vector<Comment>> List(sql::Transaction& transaction,
                                            const CommentFilter& filter,
                                            const std::optional<CommentPlace>& after, int limit);
  // Comments with reports that are not settled, the most reported first.
  absl::StatusOr<std::vector<Comment>> ListReported(sql::Transaction& transaction,
                                                    const std::optional<CommentPlace>& after,
                                                    int limit);
  // What the author wrote after `since`, newest first, at most `limit`.
  absl::StatusOr<std::vector<Comment>> ListWritten(sql::Transaction& transaction,
                                                   absl::string_view author, absl::Time since,
                                                   int limit);
};

}  // namespace veche::polling
