#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "common/merkle/signed_head.h"
#include "common/merkle/tree.h"
#include "services/polling/protocol/ballot_tally.h"
#include "services/polling/protocol/check_ballot.h"
#include "services/polling/protocol/report.h"

namespace veche::polling::protocol {

// Verifies a whole board in one pass. Entries are added in order and not kept; a ballot costs
// memory of about 200 bytes and its answers. Not thread-safe.
class BoardVerifier {
 public:
  // The poll and the board key (32 bytes) that are known from elsewhere; "" takes the definition's.
  explicit BoardVerifier(std::string poll = "", std::string board_key = "");

  // Any bytes; faults go to the report.
  void Add(absl::string_view entry);
  // The report on the entries so far, which must be the whole board of `head`. Call it once.
  Report Finish(const merkle::SignedHead& head);

 private:
  using VoterHash = std::string;  // SHA-256 of a voter key

  void AddFault(Rule rule, std::optional<uint64_t> index, std::string issuer, std::string detail);
  void AddDefinition(absl::string_view json);
  void AddClosingRecord(uint64_t index, absl::string_view json);
  void AddBallot(uint64_t index, absl::string_view entry);
  void NameIssuers(uint64_t index, const Ballot& ballot);
  void CheckBoardHead(const merkle::SignedHead& head);
  void CheckIssuers();

  const std::string poll_;
  const std::string board_key_;
  Report report_;
  merkle::Frontier tree_;
  std::unique_ptr<BallotChecker> checker_;  // null without a definition
  std::unique_ptr<BallotTally> tally_;
  absl::flat_hash_set<std::pair<VoterHash, uint64_t>> counters_;  // of valid ballots
  // By issuer: the voter keys that it signed on ballots that are not valid. All issuers signed the
  // keys of the valid ones.
  std::vector<absl::flat_hash_set<VoterHash>> also_signed_;
};

}  // namespace veche::polling::protocol
