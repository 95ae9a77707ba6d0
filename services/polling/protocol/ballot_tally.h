#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/polling/counting/question.h"
#include "services/polling/counting/result.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/definition.h"

namespace veche::polling::protocol {

// The question as the counting methods take it. InvalidArgument when it cannot be counted: the
// message follows the question's path ("has too_few_options").
absl::StatusOr<counting::Question> CountingQuestion(const Definition::Question& question);
// The indexes of an answer's options; -1 for an unknown one.
std::vector<int> CountingAnswer(const counting::Question& question,
                                const std::vector<std::string>& options);

// Counts valid ballots, in any order: of each voter key the ballot with the highest counter. Checks
// nothing: for live results, whose ballots the box has checked, and inside BoardVerifier. Keeps
// about 100 bytes of each voter. Not thread-safe.
class BallotTally {
 public:
  // REQUIRES: BallotChecker::Create takes `definition`.
  explicit BallotTally(const Definition& definition);

  // REQUIRES: BallotChecker::Check finds nothing wrong with `ballot`.
  void Add(const Ballot& ballot);
  int64_t voters() const { return static_cast<int64_t>(voters_.size()); }
  // Whether a ballot was added whose voter key has this SHA-256.
  bool Has(absl::string_view voter_hash) const { return voters_.contains(voter_hash); }
  // One for each question, in the definition's order.
  std::vector<counting::Result> Count() const;

 private:
  struct Vote {
    uint64_t counter = 0;
    // For each question, in order: the number of its options, and their indexes. A byte each.
    std::string answers;
  };

  std::vector<std::string> ids_;
  std::vector<counting::Question> questions_;
  absl::flat_hash_map<std::string, Vote> voters_;  // by the SHA-256 of the voter key
};

}  // namespace veche::polling::protocol
