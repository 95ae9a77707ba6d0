#include "services/polling/storage/board_store.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/sql/insert_rows.h"

namespace veche::polling {
namespace {

sql::Blob ToBlob(absl::string_view bytes) { return {std::string(bytes)}; }

sql::Blob ToBlob(const merkle::Hash& hash) { return ToBlob(merkle::HashBytes(hash)); }

absl::StatusOr<std::vector<std::string>> BytesOf(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<std::string> result;
  result.reserve(rows->size());
  for (const sql::Row& row : *rows) result.push_back(row.Bytes(0));
  return result;
}

}  // namespace

absl::StatusOr<VoterBallots> BoardStore::BallotsOf(sql::Transaction& transaction,
                                                   absl::string_view poll,
                                                   absl::string_view voter_hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(
          "SELECT counter, ballots FROM voters WHERE poll = $1 AND voter_hash = $2 UNION ALL "
          "SELECT counter, 1 FROM pending_ballots WHERE poll = $1 AND voter_hash = $2",
          poll, ToBlob(voter_hash)));
  VoterBallots ballots;
  for (const sql::Row& row : rows) {
    ballots.highest_counter = std::max(ballots.highest_counter, row.Int(0));
    ballots.count += row.Int(1);
  }
  return ballots;
}

absl::StatusOr<bool> BoardStore::AddPending(sql::Transaction& transaction, absl::string_view poll,
                                            const PendingBallot& ballot) {
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute(
          "INSERT INTO pending_ballots (poll, voter_hash, counter, leaf_hash, entry, minute) "
          "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (poll, voter_hash, counter) DO NOTHING",
          poll, ToBlob(ballot.voter_hash), ballot.counter, ToBlob(ballot.leaf_hash),
          ToBlob(ballot.entry), ballot.minute));
  return added > 0;
}

absl::StatusOr<bool> BoardStore::IsPending(sql::Transaction& transaction, absl::string_view poll,
                                           absl::string_view leaf_hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT 1 FROM pending_ballots WHERE poll = $1 AND leaf_hash = $2", poll,
                        ToBlob(leaf_hash)));
  return !rows.empty();
}

absl::StatusOr<std::vector<PendingCount>> BoardStore::CountPending(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT poll, COUNT(DISTINCT voter_hash), MIN(minute) FROM "
                                     "pending_ballots GROUP BY poll"));
  std::vector<PendingCount> counts;
  counts.reserve(rows.size());
  for (const sql::Row& row : rows) counts.push_back({row.Text(0), row.Int(1), row.Int(2)});
  return counts;
}

absl::StatusOr<std::vector<PendingBallot>> BoardStore::TakePending(sql::Transaction& transaction,
                                                                   absl::string_view poll,
                                                                   int limit) {
  // The order of hashes says nothing of who came first.
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(
          "SELECT p.voter_hash, p.counter, p.leaf_hash, p.entry, p.minute, v.counter "
          "FROM pending_ballots p LEFT JOIN voters v ON v.poll = p.poll AND "
          "v.voter_hash = p.voter_hash WHERE p.poll = $1 ORDER BY p.voter_hash, p.counter LIMIT $2",
          poll, limit));
  std::vector<PendingBallot> ballots;
  for (const sql::Row& row : rows) {
    PendingBallot ballot{row.Bytes(0), row.Int(1), row.Bytes(2), row.Bytes(3), row.Int(4)};
    RETURN_IF_ERROR(
        transaction
            .Execute("DELETE FROM pending_ballots WHERE poll = $1 AND voter_hash = $2 AND "
                     "counter = $3",
                     poll, ToBlob(ballot.voter_hash), ballot.counter)
            .status());
    if (row.OptionalInt(5).value_or(0) < ballot.counter) ballots.push_back(std::move(ballot));
  }
  return ballots;
}

absl::Status BoardStore::NoteCounters(sql::Transaction& transaction, absl::string_view poll,
                                      absl::Span<const PendingBallot> ballots) {
  for (const PendingBallot& ballot : ballots) {
    RETURN_IF_ERROR(
        transaction
            .Execute(
                "INSERT INTO voters (poll, voter_hash, counter, ballots) VALUES ($1, $2, $3, 1) "
                "ON CONFLICT (poll, voter_hash) DO UPDATE SET ballots = voters.ballots + 1, "
                "counter = CASE WHEN voters.counter < excluded.counter THEN excluded.counter "
                "ELSE voters.counter END",
                poll, ToBlob(ballot.voter_hash), ballot.counter)
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> BoardStore::HasBoards(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query("SELECT 1 FROM board_entries LIMIT 1"));
  return !rows.empty();
}

absl::Status BoardStore::Append(sql::Transaction& transaction, absl::string_view poll,
                                uint64_t size, absl::Span<const BoardEntry> entries,
                                absl::Span<const merkle::Node> nodes) {
  std::vector<sql::Value> values;
  values.reserve(entries.size() * 4);
  for (const BoardEntry& entry : entries) {
    values.insert(values.end(),
                  {sql::Value(poll), sql::Value(size++), sql::Value(ToBlob(entry.entry)),
                   sql::Value(ToBlob(entry.leaf_hash))});
  }
  RETURN_IF_ERROR(sql::InsertRows(transaction,
                                  "INSERT INTO board_entries (poll, idx, entry, leaf_hash)", 4,
                                  std::move(values)));
  std::vector<sql::Value> node_values;
  node_values.reserve(nodes.size() * 4);
  for (const merkle::Node& node : nodes) {
    node_values.insert(node_values.end(),
                       {sql::Value(poll), sql::Value(node.id.level), sql::Value(node.id.index),
                        sql::Value(ToBlob(node.hash))});
  }
  return sql::InsertRows(transaction, "INSERT INTO board_nodes (poll, level, idx, hash)", 4,
                         std::move(node_values));
}

absl::StatusOr<merkle::NodeMap> BoardStore::GetNodes(sql::Transaction& transaction,
                                                     absl::string_view poll,
                                                     const std::vector<merkle::NodeId>& ids) {
  merkle::NodeMap nodes;
  if (ids.empty()) return nodes;
  // The number of conditions is a power of two, so that the statement cache keeps few texts.
  const size_t conditions = std::bit_ceil(ids.size());
  std::string statement = "SELECT level, idx, hash FROM board_nodes WHERE poll = $1 AND (";
  std::vector<sql::Value> values{sql::Value(poll)};
  for (size_t i = 0; i < conditions; ++i) {
    const merkle::NodeId& id = ids[std::min(i, ids.size() - 1)];
    absl::StrAppend(&statement, i == 0 ? "" : " OR ", "(level = $", values.size() + 1,
                    " AND idx = $", values.size() + 2, ")");
    values.insert(values.end(), {sql::Value(id.level), sql::Value(id.index)});
  }
  ASSIGN_OR_RETURN(const auto rows, transaction.QueryWith(absl::StrCat(statement, ")"), values));
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(const merkle::Hash hash, merkle::HashFromBytes(row.Bytes(2)));
    nodes[{static_cast<int>(row.Int(0)), static_cast<uint64_t>(row.Int(1))}] = hash;
  }
  return nodes;
}

absl::StatusOr<std::optional<uint64_t>> BoardStore::FindLeaf(sql::Transaction& transaction,
                                                             absl::string_view poll,
                                                             absl::string_view leaf_hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT idx FROM board_entries WHERE poll = $1 AND leaf_hash = $2", poll,
                        ToBlob(leaf_hash)));
  if (rows.empty()) return std::nullopt;
  return static_cast<uint64_t>(rows[0].Int(0));
}

absl::StatusOr<std::vector<std::string>> BoardStore::ListLeafHashes(sql::Transaction& transaction,
                                                                    absl::string_view poll,
                                                                    uint64_t start, int limit) {
  return BytesOf(transaction.Query(
      "SELECT leaf_hash FROM board_entries WHERE poll = $1 AND idx >= $2 ORDER BY idx LIMIT $3",
      poll, start, limit));
}

absl::StatusOr<std::vector<std::string>> BoardStore::ListEntries(sql::Transaction& transaction,
                                                                 absl::string_view poll,
                                                                 uint64_t start, int limit) {
  return BytesOf(transaction.Query(
      "SELECT entry FROM board_entries WHERE poll = $1 AND idx >= $2 ORDER BY idx LIMIT $3", poll,
      start, limit));
}

}  // namespace veche::polling
