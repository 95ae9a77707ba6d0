#include "services/polling/storage/poll_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/polling/storage/picture_store.h"
#include "services/polling/storage/select_statement.h"

namespace veche::polling {
namespace {

template <auto kMember>
constexpr sql::Column<Poll> BytesColumn(absl::string_view name) {
  return {name, [](const Poll& poll) { return sql::Value(sql::Blob{poll.*kMember}); },
          [](const sql::Row& row, size_t position, Poll& poll) {
            poll.*kMember = row.Bytes(position);
          }};
}

constexpr sql::Column<Poll> kColumns[] = {
    sql::MemberColumn<Poll, &Poll::id>("id"),
    sql::MemberColumn<Poll, &Poll::state>("state"),
    {"definition",
     [](const Poll& poll) { return sql::Value(protocol::EncodeDefinition(poll.definition)); },
     nullptr},
    {"subjects", [](const Poll& poll) { return sql::Value(absl::StrJoin(poll.subjects, "\n")); },
     [](const sql::Row& row, size_t position, Poll& poll) {
       poll.subjects = absl::StrSplit(row.Text(position), '\n', absl::SkipEmpty());
     }},
    {"open_time",
     [](const Poll& poll) {
       return sql::Value(ToMicros(absl::FromUnixSeconds(poll.definition.open_time)));
     },
     nullptr},
    sql::MemberColumn<Poll, &Poll::close_time>("close_time"),
    sql::MemberColumn<Poll, &Poll::create_time>("create_time"),
    sql::MemberColumn<Poll, &Poll::eligible>("eligible"),
    sql::MemberColumn<Poll, &Poll::closing_noticed>("closing_noticed"),
    sql::MemberColumn<Poll, &Poll::tree_size>("tree_size"),
    sql::MemberColumn<Poll, &Poll::head_seconds>("head_seconds"),
    BytesColumn<&Poll::head_root>("head_root"),
    BytesColumn<&Poll::head_signature>("head_signature"),
    BytesColumn<&Poll::results>("results"),
    sql::MemberColumn<Poll, &Poll::version>("version"),
};
constexpr size_t kDefinition = 2;  // the position in kColumns

absl::StatusOr<Poll> ReadPoll(const sql::Row& row) {
  Poll poll = sql::ReadObject(kColumns, row);
  ASSIGN_OR_RETURN(poll.definition, protocol::ParseDefinition(row.Text(kDefinition)));
  return poll;
}

absl::StatusOr<std::vector<Poll>> ReadPolls(const std::vector<sql::Row>& rows) {
  std::vector<Poll> polls;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Poll poll, ReadPoll(row));
    polls.push_back(std::move(poll));
  }
  return polls;
}

absl::StatusOr<std::optional<Poll>> ReadOne(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Poll poll, ReadPoll(rows->front()));
  return poll;
}

// Makes `keys` the poll's rows of a table with the columns `key` and poll.
absl::Status SetKeys(sql::Transaction& transaction, const Poll& poll, absl::string_view table,
                     absl::string_view key, absl::Span<const std::string> keys) {
  RETURN_IF_ERROR(
      transaction.Execute(absl::StrCat("DELETE FROM ", table, " WHERE poll = $1"), poll.id)
          .status());
  for (const std::string& value : keys) {
    RETURN_IF_ERROR(transaction
                        .Execute(absl::StrCat("INSERT INTO ", table, " (", key,
                                              ", poll) VALUES ($1, $2) ON CONFLICT (", key,
                                              ", poll) DO NOTHING"),
                                 value, poll.id)
                        .status());
  }
  return absl::OkStatus();
}

// What a poll is found by, and the pictures that it keeps.
absl::Status Index(sql::Transaction& transaction, const Poll& poll) {
  std::vector<std::string> districts = poll.definition.districts;
  if (districts.empty()) districts.emplace_back();
  RETURN_IF_ERROR(SetKeys(transaction, poll, "poll_districts", "district", districts));
  RETURN_IF_ERROR(SetKeys(transaction, poll, "poll_subjects", "subject", poll.subjects));
  std::vector<std::string> pictures;
  for (const protocol::Definition::Question& question : poll.definition.questions) {
    for (const protocol::Definition::Option& option : question.options) {
      if (!option.picture.empty()) pictures.push_back(option.picture);
    }
  }
  return PictureStore().SetUses(transaction, poll.id, pictures);
}

std::string StateList(const std::vector<PollState>& states) {
  return absl::StrJoin(states, ", ", [](std::string* out, PollState state) {
    absl::StrAppend(out, static_cast<int>(state));
  });
}

}  // namespace

absl::Status PollStore::Add(sql::Transaction& transaction, const Poll& poll) {
  static const std::string* const statement =
      new std::string(sql::InsertStatement("polls", kColumns));
  RETURN_IF_ERROR(transaction.ExecuteWith(*statement, sql::ColumnValues(kColumns, poll)).status());
  return Index(transaction, poll);
}

absl::StatusOr<std::optional<Poll>> PollStore::Get(sql::Transaction& transaction,
                                                   absl::string_view id) {
  static const std::string* const statement = new std::string(
      absl::StrCat("SELECT ", sql::ColumnList(kColumns), " FROM polls WHERE id = $1"));
  return ReadOne(transaction.Query(*statement, id));
}

absl::StatusOr<std::optional<Poll>> PollStore::Lock(sql::Transaction& transaction,
                                                    absl::string_view id) {
  static const std::string* const statement = new std::string(
      absl::StrCat("UPDATE polls SET version = version + 1 WHERE id = $1 RETURNING ",
                   sql::ColumnList(kColumns)));
  return ReadOne(transaction.Query(*statement, id));
}

absl::Status PollStore::Update(sql::Transaction& transaction, const Poll& poll) {
  static const std::string* const statement = [] {
    std::string set;
    for (size_t i = 1; i < std::size(kColumns); ++i) {
      absl::StrAppend(&set, i == 1 ? "" : ", ", kColumns[i].name, " = $", i + 1);
    }
    return new std::string(absl::StrCat("UPDATE polls SET ", set, " WHERE id = $1"));
  }();
  RETURN_IF_ERROR(transaction.ExecuteWith(*statement, sql::ColumnValues(kColumns, poll)).status());
  return poll.state == PollState::kDraft ? Index(transaction, poll) : absl::OkStatus();
}

absl::Status PollStore::Delete(sql::Transaction& transaction, absl::string_view id) {
  for (const char* const statement :
       {"DELETE FROM poll_districts WHERE poll = $1", "DELETE FROM poll_subjects WHERE poll = $1",
        "DELETE FROM picture_uses WHERE owner = $1"}) {
    RETURN_IF_ERROR(transaction.Execute(statement, id).status());
  }
  return transaction.Execute("DELETE FROM polls WHERE id = $1", id).status();
}

absl::StatusOr<std::vector<Poll>> PollStore::List(sql::Transaction& transaction,
                                                  const PollFilter& filter,
                                                  absl::string_view before, int limit) {
  std::vector<PollState> states = filter.states;
  if (states.empty()) {
    states = {PollState::kScheduled, PollState::kOpen, PollState::kClosing, PollState::kClosed};
  }
  SelectStatement statement(absl::StrCat("SELECT ", sql::ColumnList(kColumns), " FROM polls"));
  // The numbers of states are our own, so they may stand in the text.
  statement.And(absl::StrCat("state IN (", StateList(states), ")"));
  if (!before.empty()) statement.And("id", "<", before);
  if (!filter.district.empty()) {
    statement.And(absl::StrCat("id IN (SELECT poll FROM poll_districts WHERE district IN ('', ",
                               statement.Bind(filter.district), "))"));
  }
  if (!filter.subject.empty()) {
    statement.And(absl::StrCat("id IN (SELECT poll FROM poll_subjects WHERE subject = ",
                               statement.Bind(filter.subject), ")"));
  }
  statement.Append(absl::StrCat(" ORDER BY id DESC LIMIT ", statement.Bind(limit)));
  ASSIGN_OR_RETURN(const auto rows, statement.Query(transaction));
  return ReadPolls(rows);
}

absl::StatusOr<std::vector<std::string>> PollStore::ListDue(sql::Transaction& transaction,
                                                            absl::Time now) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(
          "SELECT id FROM polls WHERE (state = 2 AND open_time <= $1 AND tree_size > 0) OR (state "
          "= 3 AND (close_time <= $1 OR (close_time <= $2 AND NOT closing_noticed))) ORDER BY id",
          ToMicros(now), ToMicros(now + kClosingSoon)));
  std::vector<std::string> ids;
  for (const sql::Row& row : rows) ids.push_back(row.Text(0));
  return ids;
}

absl::StatusOr<std::vector<Poll>> PollStore::ListUnfinished(sql::Transaction& transaction) {
  static const std::string* const statement = new std::string(
      absl::StrCat("SELECT ", sql::ColumnList(kColumns),
                   " FROM polls WHERE (state = 2 AND tree_size = 0) OR state = 4 ORDER BY id"));
  ASSIGN_OR_RETURN(const auto rows, transaction.Query(*statement));
  return ReadPolls(rows);
}

absl::Status PollStore::OpenGate(sql::Transaction& transaction, const Poll& poll) {
  return transaction
      .Execute(
          "INSERT INTO poll_gates (poll, open_time, close_time) VALUES ($1, $2, $3) "
          "ON CONFLICT (poll) DO NOTHING",
          poll.id, ToMicros(OpenTime(poll)), ToMicros(poll.close_time))
      .status();
}

absl::StatusOr<std::optional<PollGate>> PollStore::HoldGate(sql::Transaction& transaction,
                                                            absl::string_view id) {
  // SQLite has one writer, which needs no lock.
  constexpr absl::string_view kSelect =
      "SELECT open_time, close_time FROM poll_gates WHERE poll = $1";
  static const std::string* const locking =
      new std::string(absl::StrCat(kSelect, " FOR KEY SHARE"));
  const bool postgres = transaction.engine() == sql::Engine::kPostgres;
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(postgres ? absl::string_view(*locking) : kSelect, id));
  if (rows.empty()) return std::nullopt;
  return PollGate{FromMicros(rows[0].Int(0)), FromMicros(rows[0].Int(1))};
}

absl::Status PollStore::CloseGate(sql::Transaction& transaction, absl::string_view id) {
  return transaction.Execute("DELETE FROM poll_gates WHERE poll = $1", id).status();
}

}  // namespace veche::polling
