#include "services/polling/storage/comment_store.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/storage/select_statement.h"

namespace veche::polling {
namespace {

template <auto kMember>
constexpr sql::Column<Comment> Field(absl::string_view name) {
  return sql::MemberColumn<Comment, kMember>(name);
}

constexpr sql::Column<Comment> kColumns[] = {
    Field<&Comment::id>("id"),
    Field<&Comment::initiative>("initiative"),
    Field<&Comment::reply_to>("reply_to"),
    Field<&Comment::author>("author"),
    Field<&Comment::official>("official"),
    Field<&Comment::department>("department"),
    Field<&Comment::text>("text"),
    Field<&Comment::masked_text>("masked_text"),
    Field<&Comment::created>("create_time"),
    Field<&Comment::text_time>("text_time"),
    Field<&Comment::edit_count>("edit_count"),
    Field<&Comment::up_count>("up_count"),
    Field<&Comment::down_count>("down_count"),
    Field<&Comment::rank>("vote_rank"),
    Field<&Comment::reply_count>("reply_count"),
    Field<&Comment::hidden>("hidden"),
    Field<&Comment::hidden_reason>("hidden_reason"),
    Field<&Comment::hidden_by>("hidden_by"),
    Field<&Comment::report_count>("report_count"),
};

std::string Select() {
  return absl::StrCat("SELECT ", sql::ColumnList(kColumns), " FROM comments");
}

std::vector<Comment> ReadAll(const std::vector<sql::Row>& rows) {
  std::vector<Comment> comments;
  comments.reserve(rows.size());
  for (const sql::Row& row : rows) comments.push_back(sql::ReadObject(kColumns, row));
  return comments;
}

absl::StatusOr<Comment> One(const std::vector<sql::Row>& rows, absl::string_view id) {
  if (rows.empty()) return CommentNotFound(CommentName(id));
  return sql::ReadObject(kColumns, rows[0]);
}

void Count(CommentVote vote, int64_t by, Comment& comment) {
  if (vote == CommentVote::kUp) comment.up_count += by;
  if (vote == CommentVote::kDown) comment.down_count += by;
}

}  // namespace

absl::Status CommentStore::Create(sql::Transaction& transaction, const Comment& comment) {
  static const std::string& insert = *new std::string(sql::InsertStatement("comments", kColumns));
  RETURN_IF_ERROR(transaction.ExecuteWith(insert, sql::ColumnValues(kColumns, comment)).status());
  if (!comment.reply_to.empty()) {
    RETURN_IF_ERROR(transaction
                        .Execute("UPDATE comments SET reply_count = reply_count + 1 WHERE id = $1",
                                 comment.reply_to)
                        .status());
  }
  return transaction
      .Execute("UPDATE initiatives SET comment_count = comment_count + 1 WHERE id = $1",
               comment.initiative)
      .status();
}

absl::StatusOr<Comment> CommentStore::Get(sql::Transaction& transaction, absl::string_view id) {
  static const std::string& select = *new std::string(absl::StrCat(Select(), " WHERE id = $1"));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(select, id));
  return One(rows, id);
}

absl::StatusOr<Comment> CommentStore::Lock(sql::Transaction& transaction, absl::string_view id) {
  // Writes the row unchanged.
  static const std::string& lock = *new std::string(absl::StrCat(
      "UPDATE comments SET hidden = hidden WHERE id = $1 RETURNING ", sql::ColumnList(kColumns)));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(lock, id));
  return One(rows, id);
}

absl::Status CommentStore::Save(sql::Transaction& transaction, const Comment& comment) {
  return transaction
      .Execute(
          "UPDATE comments SET text = $2, masked_text = $3, text_time = $4, edit_count = $5, "
          "up_count = $6, down_count = $7, vote_rank = $8, hidden = $9, hidden_reason = $10, "
          "hidden_by = $11, report_count = $12 WHERE id = $1",
          comment.id, comment.text, comment.masked_text, ToMicros(comment.text_time),
          comment.edit_count, comment.up_count, comment.down_count, comment.rank, comment.hidden,
          comment.hidden_reason, comment.hidden_by, comment.report_count)
      .status();
}

absl::Status CommentStore::SetVote(sql::Transaction& transaction, Comment& comment,
                                   absl::string_view resident, CommentVote vote) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query("SELECT vote FROM comment_votes WHERE comment = $1 AND resident = $2",
                        comment.id, resident));
  const auto old = rows.empty() ? CommentVote::kNone : static_cast<CommentVote>(rows[0].Int(0));
  if (old == vote) return absl::OkStatus();
  Count(old, -1, comment);
  Count(vote, 1, comment);
  comment.rank = RankOf(comment.up_count, comment.down_count);
  if (vote == CommentVote::kNone) {
    return transaction
        .Execute("DELETE FROM comment_votes WHERE comment = $1 AND resident = $2", comment.id,
                 resident)
        .status();
  }
  return transaction
      .Execute(
          "INSERT INTO comment_votes (comment, resident, vote) VALUES ($1, $2, $3) "
          "ON CONFLICT (comment, resident) DO UPDATE SET vote = excluded.vote",
          comment.id, resident, static_cast<int>(vote))
      .status();
}

absl::StatusOr<absl::flat_hash_map<std::string, CommentVote>> CommentStore::VotesOf(
    sql::Transaction& transaction, absl::string_view resident, absl::Span<const std::string> ids) {
  absl::flat_hash_map<std::string, CommentVote> votes;
  if (ids.empty() || resident.empty()) return votes;
  SelectStatement statement("SELECT comment, vote FROM comment_votes");
  statement.And("resident", "=", resident).AndIn("comment", ids);
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  for (const sql::Row& row : rows) votes[row.Text(0)] = static_cast<CommentVote>(row.Int(1));
  return votes;
}

absl::Status CommentStore::AddReport(sql::Transaction& transaction, Comment& comment,
                                     absl::string_view resident, absl::string_view reason,
                                     absl::Time now) {
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute("INSERT INTO comment_reports (comment, resident, reason, at, settled) "
                          "VALUES ($1, $2, $3, $4, FALSE) "
                          "ON CONFLICT (comment, resident) DO NOTHING",
                          comment.id, resident, reason, ToMicros(now)));
  comment.report_count += added;
  return absl::OkStatus();
}

absl::Status CommentStore::SettleReports(sql::Transaction& transaction, Comment& comment) {
  comment.report_count = 0;
  return transaction
      .Execute("UPDATE comment_reports SET settled = TRUE WHERE comment = $1", comment.id)
      .status();
}

absl::StatusOr<std::vector<std::string>> CommentStore::ReportReasons(sql::Transaction& transaction,
                                                                     absl::string_view id,
                                                                     int limit) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT reason FROM comment_reports WHERE comment = $1 "
                                     "AND NOT settled ORDER BY at DESC, resident LIMIT $2",
                                     id, limit));
  std::vector<std::string> reasons;
  reasons.reserve(rows.size());
  for (const sql::Row& row : rows) reasons.push_back(row.Text(0));
  return reasons;
}

absl::Status CommentStore::AddVersion(sql::Transaction& transaction, const Comment& comment,
                                      const CommentVersion& replaced) {
  return transaction
      .Execute("INSERT INTO comment_versions (comment, version, text, at) VALUES ($1, $2, $3, $4)",
               comment.id, comment.edit_count, replaced.text, ToMicros(replaced.time))
      .status();
}

absl::StatusOr<std::vector<CommentVersion>> CommentStore::ListVersions(
    sql::Transaction& transaction, absl::string_view id) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT text, at FROM comment_versions "
                                                "WHERE comment = $1 ORDER BY version",
                                                id));
  std::vector<CommentVersion> versions;
  versions.reserve(rows.size());
  for (const sql::Row& row : rows) versions.push_back({row.Text(0), FromMicros(row.Int(1))});
  return versions;
}

absl::StatusOr<std::vector<Comment>> CommentStore::List(sql::Transaction& transaction,
                                                        const CommentFilter& filter,
                                                        const std::optional<CommentPlace>& after,
                                                        int limit) {
  using Order = CommentFilter::Order;
  SelectStatement statement(Select());
  statement.And("initiative", "=", filter.initiative).And("reply_to", "=", filter.reply_to);
  if (after && filter.order == Order::kBest) {
    const std::string rank = statement.Bind(after->rank);
    statement.And(absl::StrCat("(vote_rank, id) < (", rank, ", ", statement.Bind(after->id), ")"));
  } else if (after) {
    statement.And("id", filter.order == Order::kNewest ? "<" : ">", after->id);
  }
  switch (filter.order) {
    case Order::kBest:
      statement.Append(" ORDER BY vote_rank DESC, id DESC");
      break;
    case Order::kNewest:
      statement.Append(" ORDER BY id DESC");
      break;
    case Order::kOldest:
      statement.Append(" ORDER BY id");
      break;
  }
  statement.Append(absl::StrCat(" LIMIT ", statement.Bind(limit + 1)));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  return ReadAll(rows);
}

absl::StatusOr<std::vector<Comment>> CommentStore::ListReported(
    sql::Transaction& transaction, const std::optional<CommentPlace>& after, int limit) {
  SelectStatement statement(Select());
  statement.And("report_count > 0");
  if (after) {
    const std::string count = statement.Bind(after->rank);
    statement.And(
        absl::StrCat("(report_count, id) < (", count, ", ", statement.Bind(after->id), ")"));
  }
  statement.Append(
      absl::StrCat(" ORDER BY report_count DESC, id DESC LIMIT ", statement.Bind(limit + 1)));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  return ReadAll(rows);
}

absl::StatusOr<std::vector<Comment>> CommentStore::ListWritten(sql::Transaction& transaction,
                                                               absl::string_view author,
                                                               absl::Time since, int limit) {
  static const std::string& select = *new std::string(absl::StrCat(
      Select(), " WHERE author = $1 AND create_time > $2 ORDER BY create_time DESC LIMIT $3"));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(select, author, ToMicros(since), limit));
  return ReadAll(rows);
}

}  // namespace veche::polling
