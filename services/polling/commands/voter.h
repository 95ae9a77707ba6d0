#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/evp_key.h"
#include "services/polling/commands/api.h"
#include "services/polling/commands/voter_state.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/check_ballot.h"

namespace veche::polling {

// A voter's device, as docs/polling-protocol.md describes it: gets the credential, casts the
// ballot, waits for the receipt and verifies it. Each step begins where an earlier run of the
// program ended. Not thread-safe.
class Voter {
 public:
  // Loads `state_file`, or begins a new state with a new voter key and the definition that the
  // server gives. The credential and the ballot go over two connections to `url`. InvalidArgument
  // when the state or the definition is not of `poll`.
  static absl::StatusOr<std::unique_ptr<Voter>> Open(const std::string& url,
                                                     const std::string& poll,
                                                     std::filesystem::path state_file);

  // Gets each issuer's signature that is not there yet. `token` is not used when all are.
  absl::Status GetCredentials(absl::string_view token);
  // Casts a ballot with these answers, once: a ballot that was made before is sent again.
  // FailedPrecondition when that ballot has other answers, unless `revote`: then a new ballot
  // replaces it. InvalidArgument when the poll does not allow the answers.
  absl::Status Cast(const std::vector<protocol::Answer>& answers, bool revote);
  // Waits for the receipt of the last ballot and verifies it. Unavailable when the ballot is not on
  // the board after `patience`: run it again. DataLoss when the board is not what it was.
  absl::Status AwaitReceipt(absl::Duration patience);
  // Verifies that the last ballot is on the board as it is now, and that the board continues the
  // one that was seen before.
  absl::Status CheckBoard();

  void Print(std::ostream& out) const;

 private:
  Voter(const std::string& url, const std::string& poll, std::filesystem::path state_file);
  absl::Status Start(const std::string& poll);
  absl::Status Prepare(VoterState::Issuance& issuance, size_t issuer);
  absl::StatusOr<protocol::Ballot> MakeBallot(const std::vector<protocol::Answer>& answers) const;
  absl::Status CheckSeenBoard(const merkle::SignedHead& head);
  absl::Status Accept(const Receipt& receipt);
  absl::Status Save() const { return SaveVoterState(state_file_, state_); }
  const protocol::Definition& definition() const { return checker_->definition(); }

  const std::filesystem::path state_file_;
  PollApi identified_;  // the credential
  PollApi anonymous_;   // everything else
  VoterState state_;
  std::unique_ptr<protocol::BallotChecker> checker_;
  crypto::EvpKey key_;
};

}  // namespace veche::polling
