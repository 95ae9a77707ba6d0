#include "services/polling/protocol/verify_board.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/mirror.h"
#include "services/polling/protocol/result_json.h"

namespace veche::polling::protocol {
namespace {

bool IsKind(absl::string_view entry, EntryKind kind) {
  return !entry.empty() && entry[0] == static_cast<char>(kind);
}

}  // namespace

BoardVerifier::BoardVerifier(std::string poll, std::string board_key)
    : poll_(std::move(poll)), board_key_(std::move(board_key)) {}

void BoardVerifier::AddFault(Rule rule, std::optional<uint64_t> index, std::string issuer,
                             std::string detail) {
  ++report_.fault_count;
  if (report_.faults.size() == kMaxFaults) return;
  report_.faults.push_back({rule, index, std::move(issuer), std::move(detail)});
}

void BoardVerifier::Add(absl::string_view entry) {
  const uint64_t index = report_.tree_size++;
  tree_.Append({merkle::LeafHash(entry)});
  if (report_.closing_record) {
    AddFault(Rule::kStructure, index, "", "an entry follows the closing record");
  }
  if (index == 0) {
    if (IsKind(entry, EntryKind::kDefinition)) return AddDefinition(entry.substr(1));
    AddFault(Rule::kStructure, index, "", "the first entry is not a definition");
  } else if (IsKind(entry, EntryKind::kBallot)) {
    AddBallot(index, entry);
  } else if (IsKind(entry, EntryKind::kClosingRecord)) {
    AddClosingRecord(index, entry.substr(1));
  } else {
    AddFault(Rule::kStructure, index, "", "the entry is neither a ballot nor a closing record");
  }
}

void BoardVerifier::AddDefinition(absl::string_view json) {
  auto definition = ParseDefinition(json);
  auto checker = definition.ok() ? BallotChecker::Create(*definition) : definition.status();
  if (!checker.ok()) {
    return AddFault(Rule::kStructure, 0, "",
                    absl::StrCat("the definition: ", checker.status().message()));
  }
  if (!poll_.empty() && definition->poll != poll_) {
    AddFault(Rule::kStructure, 0, "",
             absl::StrCat("the definition is of the poll \"", definition->poll, "\", not of \"",
                          poll_, "\""));
  }
  checker_ = *std::move(checker);
  tally_ = std::make_unique<BallotTally>(*definition);
  also_signed_.resize(definition->issuers.size());
  report_.definition = *std::move(definition);
}

void BoardVerifier::AddClosingRecord(uint64_t index, absl::string_view json) {
  if (report_.closing_record) return;  // a fault already: something follows a closing record
  auto record = ParseClosingRecord(json);
  if (!record.ok()) {
    return AddFault(Rule::kStructure, index, "",
                    absl::StrCat("the closing record: ", record.status().message()));
  }
  report_.closing_record = *std::move(record);
}

void BoardVerifier::AddBallot(uint64_t index, absl::string_view entry) {
  ++report_.ballots;
  const auto ballot = ParseEntry(entry);
  if (!ballot.ok()) {
    return AddFault(Rule::kBallot, index, "", std::string(ballot.status().message()));
  }
  if (checker_ == nullptr) return;
  const std::vector<BallotProblem> problems = checker_->Check(*ballot);
  for (const BallotProblem& problem : problems) {
    AddFault(Rule::kBallot, index, problem.issuer, problem.detail);
  }
  if (!problems.empty()) return NameIssuers(index, *ballot);
  if (!counters_.emplace(crypto::Sha256(ballot->voter_key), ballot->counter).second) {
    return AddFault(
        Rule::kUnique, index, "",
        absl::StrCat("an earlier ballot has the same voter key and the counter ", ballot->counter));
  }
  ++report_.valid_ballots;
  tally_->Add(*ballot);
}

// A ballot that one of two issuers signed shows that this issuer helped to stuff the board, or that
// the box took a ballot which it had to refuse.
void BoardVerifier::NameIssuers(uint64_t index, const Ballot& ballot) {
  const std::vector<bool> signed_by = checker_->SignedBy(ballot);
  std::vector<std::string> missing;
  for (size_t i = 0; i < signed_by.size(); ++i) {
    if (!signed_by[i]) missing.push_back(report_.definition->issuers[i].name);
  }
  for (size_t i = 0; i < signed_by.size(); ++i) {
    if (!signed_by[i]) continue;
    also_signed_[i].insert(crypto::Sha256(ballot.voter_key));
    if (missing.empty()) continue;
    const std::string& name = report_.definition->issuers[i].name;
    AddFault(Rule::kIssuer, index, name,
             absl::StrCat("the issuer ", name, " signed this ballot's voter key alone, without ",
                          absl::StrJoin(missing, ", ")));
  }
}

void BoardVerifier::CheckBoardHead(const merkle::SignedHead& head) {
  report_.root = tree_.Root();
  if (head.head.size != report_.tree_size) {
    AddFault(Rule::kHead, std::nullopt, "",
             absl::StrCat("the head is of ", head.head.size, " entries, the board has ",
                          report_.tree_size));
  }
  if (head.head.root != report_.root) {
    AddFault(Rule::kHead, std::nullopt, "",
             "the entries do not hash to the root of the head: an entry was removed, added, "
             "changed or moved");
  }
  std::string key = board_key_;
  if (report_.definition && key.empty()) key = report_.definition->board_key;
  if (report_.definition && report_.definition->board_key != key) {
    AddFault(Rule::kHead, 0, "", "the definition names another board key than the one given");
  }
  const std::string poll = report_.definition ? report_.definition->poll : head.head.log_id;
  if (const absl::Status status = CheckHead(head, poll, key); !status.ok()) {
    AddFault(Rule::kHead, std::nullopt, "", std::string(status.message()));
  }
}

void BoardVerifier::CheckIssuers() {
  const Definition& definition = *report_.definition;
  const ClosingRecord& record = *report_.closing_record;
  const uint64_t last = report_.tree_size - 1;
  if (record.issuers.size() != definition.issuers.size()) {
    return AddFault(Rule::kIssuer, last, "", "the closing record names not all issuers");
  }
  for (size_t i = 0; i < definition.issuers.size(); ++i) {
    const Definition::Issuer& issuer = definition.issuers[i];
    const ClosingRecord::Issuer& closed = record.issuers[i];
    if (closed.name != issuer.name) {
      AddFault(
          Rule::kIssuer, last, issuer.name,
          absl::StrCat("the closing record has ", closed.name, " in the place of ", issuer.name));
      continue;
    }
    if (!VerifyIssuedStatement(definition.poll, static_cast<uint64_t>(closed.issued),
                               /*final=*/true, issuer.public_key, issuer.statement_key,
                               closed.statement)) {
      AddFault(Rule::kIssuer, last, issuer.name,
               absl::StrCat("the statement of the issuer ", issuer.name, " is not valid"));
    }
    int64_t voters = report_.voters;
    for (const VoterHash& voter : also_signed_[i]) voters += tally_->Has(voter) ? 0 : 1;
    if (voters > closed.issued) {
      AddFault(
          Rule::kIssuer, std::nullopt, issuer.name,
          absl::StrCat("the issuer ", issuer.name, " signed ", voters,
                       " voter keys, but states that it issued ", closed.issued, " credentials"));
    }
  }
}

Report BoardVerifier::Finish(const merkle::SignedHead& head) {
  CheckBoardHead(head);
  if (!report_.closing_record) {
    AddFault(Rule::kStructure, std::nullopt, "", "the last entry is not a closing record");
  }
  if (!report_.definition) return std::move(report_);
  report_.voters = tally_->voters();
  if (report_.closing_record) CheckIssuers();
  report_.results = tally_->Count();
  report_.result_json = EncodeResult(report_);
  report_.result_hash = crypto::Sha256(report_.result_json);
  return std::move(report_);
}

}  // namespace veche::polling::protocol
