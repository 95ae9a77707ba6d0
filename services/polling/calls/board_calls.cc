#include "services/polling/calls/board_calls.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/polling/domain/errors.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {
namespace {

constexpr int kLargestPage = 1000;
constexpr size_t kLargestPageBytes = 1 << 20;
constexpr int kEntriesOfPiece = 50;

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t least, uint64_t most) {
  Violations violations;
  if (value < least || static_cast<uint64_t>(value) > most) {
    violations.Add(
        field, {"OUT_OF_RANGE", {{"least", absl::StrCat(least)}, {"most", absl::StrCat(most)}}});
  }
  return violations.ToStatus();
}

// `first`: the counts are those of the definition's first issuer.
void AddCounts(const protocol::ClosingRecord::Issuer& counts, bool first, bool final,
               v1::Board& board) {
  if (first) {
    board.set_issued_count(counts.issued);
    for (const auto& district : counts.districts) {
      v1::DistrictCount& out = *board.add_districts();
      out.set_district(district.district);
      out.set_issued_count(district.issued);
    }
  }
  v1::IssuedStatement& statement = *board.add_statements();
  statement.set_issuer(counts.name);
  statement.set_issued_count(counts.issued);
  statement.set_final(final);
  statement.set_signature(counts.statement);
}

// As many of the rows as fit a page; one always does.
void AddRows(std::vector<std::string> rows, google::protobuf::RepeatedPtrField<std::string>& out) {
  size_t bytes = 0;
  for (std::string& row : rows) {
    bytes += row.size();
    if (bytes > kLargestPageBytes && !out.empty()) return;
    *out.Add() = std::move(row);
  }
}

// The file of a closed board, a few entries at a time.
class BoardFile final : public BoardCalls::File {
 public:
  BoardFile(sql::Database& database, BoardStore& entries, Poll poll)
      : database_(database), entries_(entries), poll_(std::move(poll)) {}

  absl::StatusOr<bool> Next(google::api::HttpBody& message) override {
    message.Clear();
    if (next_ >= poll_.tree_size) return false;
    std::string& data = *message.mutable_data();
    if (next_ == 0) {
      message.set_content_type("application/x-ndjson");
      data = protocol::EncodeBoardHeader(HeadOf(poll_));
    }
    std::vector<std::string> entries;
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(entries,
                       entries_.ListEntries(transaction, poll_.id, next_, kEntriesOfPiece));
      return absl::OkStatus();
    }));
    if (entries.empty()) return absl::DataLossError("entries of a board are missing");
    for (const std::string& entry : entries) data += protocol::EncodeBoardEntry(entry);
    next_ += entries.size();
    return true;
  }

 private:
  sql::Database& database_;
  BoardStore& entries_;
  const Poll poll_;
  uint64_t next_ = 0;
};

}  // namespace

absl::StatusOr<Poll> BoardCalls::Find(sql::Transaction& transaction, absl::string_view name) {
  ASSIGN_OR_RETURN(std::optional<Poll> poll, polls_.Get(transaction, PollId(name)));
  if (!poll || poll->state == PollState::kDraft) return PollNotFound(name);
  if (poll->tree_size == 0) return PollHasNoBoard();
  return *std::move(poll);
}

absl::StatusOr<v1::Board> BoardCalls::GetBoard(const rpc::Call&, const v1::GetBoardRequest& request,
                                               Violations violations) {
  if (request.start() < 0) violations.Add("start", "NEGATIVE");
  if (request.page_size() < 0) violations.Add("pageSize", "NEGATIVE");
  RETURN_IF_ERROR(violations.ToStatus());
  const int size =
      request.page_size() == 0 ? kLargestPage : std::min(request.page_size(), kLargestPage);
  const auto start = static_cast<uint64_t>(request.start());
  v1::Board board;
  std::optional<Poll> poll;
  std::vector<std::string> last;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    board.Clear();
    ASSIGN_OR_RETURN(poll, Find(transaction, request.parent()));
    const bool closed = poll->state == PollState::kClosed;
    ASSIGN_OR_RETURN(std::vector<std::string> rows,
                     closed ? entries_.ListEntries(transaction, poll->id, start, size)
                            : entries_.ListLeafHashes(transaction, poll->id, start, size));
    auto& out = closed ? *board.mutable_entries() : *board.mutable_leaf_hashes();
    AddRows(std::move(rows), out);
    const uint64_t next = start + static_cast<uint64_t>(out.size());
    if (next < poll->tree_size && !out.empty()) board.set_next_start(static_cast<int64_t>(next));
    if (closed) {
      ASSIGN_OR_RETURN(last, entries_.ListEntries(transaction, poll->id, poll->tree_size - 1, 1));
    }
    return absl::OkStatus();
  }));
  *board.mutable_signed_head() = ToWire(HeadOf(*poll));
  board.set_eligible_count(poll->eligible);
  const std::string& first = poll->definition.issuers.front().name;
  if (last.empty()) {
    for (const Issued& issued : issued_.Get(*poll)) {
      AddCounts(issued.counts, issued.counts.name == first, issued.final, board);
    }
  } else if (const auto record = protocol::ParseClosingRecord(last[0].substr(1)); record.ok()) {
    for (const auto& counts : record->issuers) {
      AddCounts(counts, counts.name == first, true, board);
    }
  }
  return board;
}

absl::StatusOr<v1::InclusionProof> BoardCalls::GetInclusionProof(
    const rpc::Call&, const v1::GetInclusionProofRequest& request) {
  v1::InclusionProof proof;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    proof.Clear();
    ASSIGN_OR_RETURN(const Poll poll, Find(transaction, request.parent()));
    const int64_t size =
        request.has_tree_size() ? request.tree_size() : static_cast<int64_t>(poll.tree_size);
    RETURN_IF_ERROR(CheckRange("treeSize", size, 1, poll.tree_size));
    RETURN_IF_ERROR(CheckRange("index", request.index(), 0, static_cast<uint64_t>(size) - 1));
    const auto index = static_cast<uint64_t>(request.index());
    ASSIGN_OR_RETURN(const merkle::Proof hashes,
                     board_.ProveIndex(transaction, poll, index, static_cast<uint64_t>(size)));
    ASSIGN_OR_RETURN(const auto leaves, entries_.ListLeafHashes(transaction, poll.id, index, 1));
    if (leaves.empty()) return absl::DataLossError("an entry of a board is missing");
    proof.set_leaf_hash(leaves[0]);
    AddHashes(hashes, *proof.mutable_hashes());
    proof.set_tree_size(size);
    *proof.mutable_signed_head() = ToWire(HeadOf(poll));
    return absl::OkStatus();
  }));
  return proof;
}

absl::StatusOr<v1::ConsistencyProof> BoardCalls::GetConsistencyProof(
    const rpc::Call&, const v1::GetConsistencyProofRequest& request) {
  v1::ConsistencyProof proof;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    proof.Clear();
    ASSIGN_OR_RETURN(const Poll poll, Find(transaction, request.parent()));
    const int64_t second =
        request.has_second_size() ? request.second_size() : static_cast<int64_t>(poll.tree_size);
    RETURN_IF_ERROR(CheckRange("secondSize", second, 1, poll.tree_size));
    RETURN_IF_ERROR(
        CheckRange("firstSize", request.first_size(), 1, static_cast<uint64_t>(second)));
    ASSIGN_OR_RETURN(
        const merkle::Proof hashes,
        board_.ProveConsistency(transaction, poll, static_cast<uint64_t>(request.first_size()),
                                static_cast<uint64_t>(second)));
    AddHashes(hashes, *proof.mutable_hashes());
    proof.set_second_size(second);
    *proof.mutable_signed_head() = ToWire(HeadOf(poll));
    return absl::OkStatus();
  }));
  return proof;
}

absl::StatusOr<std::unique_ptr<BoardCalls::File>> BoardCalls::DownloadBoard(
    const rpc::Call&, const v1::DownloadBoardRequest& request) {
  std::optional<Poll> poll;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(poll, Find(transaction, request.parent()));
    return absl::OkStatus();
  }));
  if (poll->state != PollState::kClosed) return BoardNotClosed();
  return std::make_unique<BoardFile>(database_, entries_, *std::move(poll));
}

}  // namespace veche::polling
