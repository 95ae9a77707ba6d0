#include "services/polling/board/ballot_box.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"
#include "common/merkle/tree.h"
#include "services/polling/board/board.h"
#include "services/polling/domain/errors.h"

namespace veche::polling {
namespace {

absl::Status ToStatus(const std::vector<protocol::BallotProblem>& problems) {
  Violations violations;
  for (const protocol::BallotProblem& problem : problems) {
    if (problem.fault == protocol::BallotFault::kAnswer) {
      violations.Add(absl::StrCat("answers.", problem.part),
                     {"ANSWER_NOT_ALLOWED", {{"problem", problem.detail}}});
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (problems.empty()) return absl::OkStatus();
  return BallotNotValid(protocol::FaultName(problems[0].fault), problems[0].issuer);
}

}  // namespace

absl::StatusOr<CastBallot> BallotBox::Cast(const protocol::Ballot& ballot) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const protocol::BallotChecker> checker,
                   checkers_.For(ballot.poll));
  RETURN_IF_ERROR(ToStatus(checker->Check(ballot)));
  PendingBallot pending{.voter_hash = crypto::Sha256(ballot.voter_key),
                        .counter = static_cast<int64_t>(ballot.counter),
                        .entry = protocol::EncodeEntry(ballot),
                        .minute = WholeMinute(clock_.Now())};
  pending.leaf_hash = std::string(merkle::HashBytes(merkle::LeafHash(pending.entry)));
  CastBallot cast{.leaf_hash = pending.leaf_hash};
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) {
    return Add(transaction, ballot.poll, pending, cast.repeated);
  }));
  return cast;
}

absl::Status BallotBox::Add(sql::Transaction& transaction, absl::string_view poll,
                            const PendingBallot& ballot, bool& repeated) {
  repeated = false;
  ASSIGN_OR_RETURN(const VoterBallots former,
                   board_.BallotsOf(transaction, poll, ballot.voter_hash));
  if (former.highest_counter >= ballot.counter) {
    repeated = true;
    return CheckRepeated(transaction, poll, ballot, former.highest_counter);
  }
  if (former.count >= kMostBallots) return TooManyBallots(kMostBallots);
  ASSIGN_OR_RETURN(const std::optional<PollGate> gate, polls_.HoldGate(transaction, poll));
  const absl::Time now = clock_.Now();
  if (!gate || now >= gate->close_time) return PollClosed();
  if (now < gate->open_time) return PollNotOpen();
  ASSIGN_OR_RETURN(const bool added, board_.AddPending(transaction, poll, ballot));
  if (!added) {  // another call has added one meanwhile
    repeated = true;
    return CheckRepeated(transaction, poll, ballot, ballot.counter);
  }
  transaction.OnCommit(on_ballot_);
  return absl::OkStatus();
}

absl::Status BallotBox::CheckRepeated(sql::Transaction& transaction, absl::string_view poll,
                                      const PendingBallot& ballot, int64_t highest) {
  ASSIGN_OR_RETURN(const bool waits, board_.IsPending(transaction, poll, ballot.leaf_hash));
  if (waits) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<uint64_t> index,
                   board_.FindLeaf(transaction, poll, ballot.leaf_hash));
  return index ? absl::OkStatus() : CounterNotHigher(highest);
}

}  // namespace veche::polling
