#include "services/notifications/storage/alert_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/storage/alert_rows.h"
#include "services/notifications/storage/numbers.h"

namespace veche::notifications {
namespace {

constexpr char kWholeCity[] = "*";
constexpr size_t kMostReferences = 50;

// The districts of an alert or a post as rows have them.
std::vector<std::string> PlacesOf(const std::vector<std::string>& districts) {
  return districts.empty() ? std::vector<std::string>{kWholeCity} : districts;
}

absl::Status SetPlaces(sql::Transaction& transaction, const Alert& alert) {
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM alert_places WHERE alert = $1", alert.id).status());
  for (const std::string& district : PlacesOf(alert.districts)) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO alert_places (alert, district) VALUES ($1, $2)",
                                 alert.id, district)
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Alert>> ReadOne(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return std::nullopt;
  return sql::ReadObject(kAlertColumns, rows->front());
}

// "SELECT" of posts with their revisions.
std::string SelectPublished(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kPostColumns, "p."), ", ",
                      sql::ColumnList(kRevisionColumns, "r."),
                      " FROM alert_posts p JOIN alert_revisions r ON r.alert = p.alert AND "
                      "r.revision = p.revision ",
                      rest);
}

std::vector<PublishedAlert> ToPublished(const std::vector<sql::Row>& rows) {
  std::vector<PublishedAlert> published;
  published.reserve(rows.size());
  for (const sql::Row& row : rows) {
    PublishedAlert& alert = published.emplace_back();
    sql::ReadColumns(kPostColumns, row, alert.post);
    for (size_t i = 0; i < std::size(kRevisionColumns); ++i) {
      kRevisionColumns[i].read(row, std::size(kPostColumns) + i, alert.revision);
    }
  }
  return published;
}

// Collects the values of a statement while its text is made.
class Values {
 public:
  // "$3"
  std::string Bind(sql::Value value) {
    values_.push_back(std::move(value));
    return absl::StrCat("$", values_.size());
  }
  template <typename Items>
  std::string BindAll(const Items& items) {
    return absl::StrJoin(items, ", ", [this](std::string* out, const auto& item) {
      absl::StrAppend(out, Bind(sql::ToValue(item)));
    });
  }
  const std::vector<sql::Value>& get() const { return values_; }

 private:
  std::vector<sql::Value> values_;
};

}  // namespace

absl::Status AlertStore::Add(sql::Transaction& transaction, const Alert& alert) {
  static const std::string* const statement =
      new std::string(sql::InsertStatement("alerts", kAlertColumns));
  RETURN_IF_ERROR(
      transaction.ExecuteWith(*statement, sql::ColumnValues(kAlertColumns, alert)).status());
  return SetPlaces(transaction, alert);
}

absl::StatusOr<std::optional<Alert>> AlertStore::Get(sql::Transaction& transaction,
                                                     absl::string_view id) {
  static const std::string* const statement = new std::string(
      absl::StrCat("SELECT ", sql::ColumnList(kAlertColumns), " FROM alerts WHERE id = $1"));
  return ReadOne(transaction.Query(*statement, id));
}

absl::StatusOr<std::optional<Alert>> AlertStore::Lock(sql::Transaction& transaction,
                                                      absl::string_view id) {
  static const std::string* const statement =
      new std::string(absl::StrCat("UPDATE alerts SET version = version WHERE id = $1 RETURNING ",
                                   sql::ColumnList(kAlertColumns)));
  return ReadOne(transaction.Query(*statement, id));
}

absl::Status AlertStore::Update(sql::Transaction& transaction, Alert& alert) {
  ++alert.version;
  static const std::string* const statement = [] {
    std::string set;
    for (size_t i = 1; i < std::size(kAlertColumns); ++i) {
      absl::StrAppend(&set, i == 1 ? "" : ", ", kAlertColumns[i].name, " = $", i + 1);
    }
    return new std::string(absl::StrCat("UPDATE alerts SET ", set, " WHERE id = $1"));
  }();
  RETURN_IF_ERROR(
      transaction.ExecuteWith(*statement, sql::ColumnValues(kAlertColumns, alert)).status());
  return SetPlaces(transaction, alert);
}

absl::StatusOr<std::vector<Alert>> AlertStore::List(sql::Transaction& transaction,
                                                    const AlertFilter& filter,
                                                    const std::optional<AlertPlace>& after,
                                                    int limit) {
  Values values;
  std::string where;
  if (filter.states.empty()) {
    where = absl::StrCat("state = ", static_cast<int>(AlertState::kPublished),
                         " AND (expire_time IS NULL OR expire_time > ",
                         values.Bind(ToMicros(filter.now)), ")");
  } else {
    where = absl::StrCat("state IN (", values.BindAll(filter.states), ")");
  }
  if (!filter.topics.empty()) {
    absl::StrAppend(&where, " AND topic IN (", values.BindAll(filter.topics), ")");
  }
  if (!filter.severities.empty()) {
    absl::StrAppend(&where, " AND severity IN (", values.BindAll(filter.severities), ")");
  }
  if (!filter.district.empty()) {
    absl::StrAppend(&where,
                    " AND EXISTS (SELECT 1 FROM alert_places WHERE alert_places.alert = alerts.id "
                    "AND alert_places.district IN ('*', ",
                    values.Bind(sql::Value(filter.district)), "))");
  }
  if (after) {
    absl::StrAppend(&where, " AND (seq, id) < (", values.Bind(after->seq), ", ",
                    values.Bind(sql::Value(after->id)), ")");
  }
  const std::string statement =
      absl::StrCat("SELECT ", sql::ColumnList(kAlertColumns), " FROM alerts WHERE ", where,
                   " ORDER BY seq DESC, id DESC LIMIT ", values.Bind(limit));
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.QueryWith(statement, values.get()));
  std::vector<Alert> alerts;
  for (const sql::Row& row : rows) alerts.push_back(sql::ReadObject(kAlertColumns, row));
  return alerts;
}

absl::StatusOr<std::vector<std::string>> AlertStore::ListDue(sql::Transaction& transaction,
                                                             absl::Time now, int limit) {
  // Two statements, so that each uses its own index; what is to be published comes first.
  std::vector<std::string> ids;
  for (const char* statement :
       {"SELECT id FROM alerts WHERE state = 3 AND publish_time <= $1 ORDER BY publish_time "
        "LIMIT $2",
        "SELECT id FROM alerts WHERE state = 4 AND expire_time <= $1 ORDER BY expire_time "
        "LIMIT $2"}) {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                     transaction.Query(statement, ToMicros(now), limit));
    for (const sql::Row& row : rows) ids.push_back(row.Text(0));
  }
  return ids;
}

absl::StatusOr<std::string> AlertStore::FindSource(sql::Transaction& transaction,
                                                   absl::string_view source) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query("SELECT id FROM alerts WHERE source = $1 AND source <> ''", source));
  return rows.empty() ? "" : rows[0].Text(0);
}

absl::StatusOr<AlertPost> AlertStore::Post(sql::Transaction& transaction, Alert& alert,
                                           absl::Time now) {
  AlertPost post{.alert = alert.id,
                 .type = std::string(PostType(alert)),
                 .severity = alert.content.severity,
                 .topic = alert.content.topic,
                 .districts = alert.districts,
                 .create_time = now,
                 .expire_time = alert.expire_time};
  AlertRevision revision{.alert = alert.id,
                         .content = alert.content,
                         .publish_time = alert.publish_time,
                         .expire_time = alert.expire_time,
                         .cancel_reason = alert.cancel_reason,
                         .create_time = now};
  const std::string& former = alert.revision > 0 ? alert.id : alert.supersedes;
  ASSIGN_OR_RETURN(const std::optional<PublishedAlert> earlier,
                   GetPublished(transaction, former, std::nullopt));
  if (earlier) {
    revision.references = earlier->revision.references;
    revision.references.push_back(
        {earlier->post.alert, earlier->post.revision, earlier->revision.create_time});
    if (revision.references.size() > kMostReferences) {
      revision.references.erase(revision.references.begin());
    }
  }
  ASSIGN_OR_RETURN(const int64_t before, ReserveNumbers(transaction, 1));
  post.seq = alert.seq = before + 1;
  post.revision = revision.revision = ++alert.revision;
  RETURN_IF_ERROR(Update(transaction, alert));
  RETURN_IF_ERROR(transaction
                      .ExecuteWith(sql::InsertStatement("alert_posts", kPostColumns),
                                   sql::ColumnValues(kPostColumns, post))
                      .status());
  RETURN_IF_ERROR(transaction
                      .ExecuteWith(sql::InsertStatement("alert_revisions", kRevisionColumns),
                                   sql::ColumnValues(kRevisionColumns, revision))
                      .status());
  for (const std::string& district : PlacesOf(post.districts)) {
    RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO alert_targets (topic, district, seq) VALUES ($1, $2, $3)",
                     post.topic, district, post.seq)
            .status());
  }
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO alert_fan_outs (seq, severity) VALUES ($1, $2)",
                               post.seq, static_cast<int64_t>(post.severity))
                      .status());
  return post;
}

absl::Status AlertStore::Save(sql::Transaction& transaction, Alert& alert, AlertStep step,
                              absl::Time now) {
  if (step == AlertStep::kNone) return Update(transaction, alert);
  const bool first = alert.revision == 0;
  RETURN_IF_ERROR(Post(transaction, alert, now).status());
  if (!first || alert.supersedes.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Alert> former, Lock(transaction, alert.supersedes));
  if (!former) return absl::OkStatus();
  Supersede(*former, alert.id, now);
  return Update(transaction, *former);
}

absl::StatusOr<std::vector<AlertPost>> AlertStore::ListPostsAfter(sql::Transaction& transaction,
                                                                  int64_t after, int limit) {
  static const std::string* const statement =
      new std::string(absl::StrCat("SELECT ", sql::ColumnList(kPostColumns),
                                   " FROM alert_posts WHERE seq > $1 ORDER BY seq LIMIT $2"));
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows, transaction.Query(*statement, after, limit));
  std::vector<AlertPost> posts;
  for (const sql::Row& row : rows) posts.push_back(sql::ReadObject(kPostColumns, row));
  return posts;
}

absl::StatusOr<std::optional<AlertPost>> AlertStore::GetPost(sql::Transaction& transaction,
                                                             int64_t seq) {
  ASSIGN_OR_RETURN(const std::vector<AlertPost> posts, ListPostsAfter(transaction, seq - 1, 1));
  if (posts.empty() || posts[0].seq != seq) return std::nullopt;
  return posts[0];
}

absl::StatusOr<std::vector<PublishedAlert>> AlertStore::GetPosts(sql::Transaction& transaction,
                                                                 absl::Span<const int64_t> seqs) {
  if (seqs.empty()) return std::vector<PublishedAlert>();
  Values values;
  const std::string statement =
      SelectPublished(absl::StrCat("WHERE p.seq IN (", values.BindAll(seqs), ") ORDER BY p.seq"));
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.QueryWith(statement, values.get()));
  return ToPublished(rows);
}

absl::StatusOr<std::optional<PublishedAlert>> AlertStore::GetPublished(
    sql::Transaction& transaction, absl::string_view alert, std::optional<int64_t> revision) {
  static const std::string* const statement = new std::string(
      SelectPublished("WHERE p.alert = $1 AND p.revision >= $2 AND p.revision <= $3 "
                      "ORDER BY p.revision DESC LIMIT 1"));
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(*statement, alert, revision.value_or(0),
                                     revision.value_or(std::numeric_limits<int64_t>::max())));
  if (rows.empty()) return std::nullopt;
  return std::move(ToPublished(rows).front());
}

absl::StatusOr<std::vector<PublishedAlert>> AlertStore::ListFeed(sql::Transaction& transaction,
                                                                 const PostFilter& filter,
                                                                 int limit) {
  Values values;
  std::string where;
  const std::string most = values.Bind(limit);
  if (!filter.district.empty()) {
    // The newest of the district and the newest of the whole city: each is a range of an index.
    const std::string topic =
        filter.topic.empty()
            ? ""
            : absl::StrCat("topic = ", values.Bind(sql::Value(filter.topic)), " AND ");
    const auto newest = [&](absl::string_view district) {
      return absl::StrCat("SELECT seq FROM (SELECT seq FROM alert_targets WHERE ", topic,
                          "district = ", district, " ORDER BY seq DESC LIMIT ", most, ") AS ");
    };
    where = absl::StrCat("WHERE p.seq IN (", newest(values.Bind(sql::Value(filter.district))),
                         "here UNION ", newest("'*'"), "everywhere) ");
  } else if (!filter.topic.empty()) {
    where = absl::StrCat("WHERE p.topic = ", values.Bind(sql::Value(filter.topic)), " ");
  }
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(
          SelectPublished(absl::StrCat(where, "ORDER BY p.seq DESC LIMIT ", most)), values.get()));
  return ToPublished(rows);
}

}  // namespace veche::notifications
