#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/definition.h"

namespace veche::polling::protocol {

enum class BallotFault {
  kForm,             // a part has a wrong length, or the counter is out of range; `part` names it
  kPoll,             // the ballot is for another poll
  kIssuerCount,      // not one credential for each issuer
  kAnswer,           // the question `part` does not allow this answer, or is not in the poll
  kVoterKey,         // not a P-256 public key
  kCredential,       // the signature of `issuer` over prefix and message is not valid
  kBallotSignature,  // not by the voter key over this body
};
// "credential": how reports name a fault.
absl::string_view FaultName(BallotFault fault);

struct BallotProblem {
  BallotFault fault;
  std::string part;    // as PartProblem::part; of kAnswer the id of the question
  std::string issuer;  // of kCredential: the issuer's name
  std::string detail;  // for people, in English: what is wrong
};

// Checks ballots against one poll's definition: rule 3 of the protocol's section 6. Holds the
// parsed keys. Thread-safe.
class BallotChecker {
 public:
  // InvalidArgument, with the path of the member, when a key of `definition` cannot be parsed or a
  // question cannot be counted.
  static absl::StatusOr<std::unique_ptr<BallotChecker>> Create(const Definition& definition);
  ~BallotChecker();

  // Empty when the ballot is valid. Signatures are checked only when everything else is right, all
  // of them: two issuers whose signatures are both wrong are two problems.
  std::vector<BallotProblem> Check(const Ballot& ballot) const;
  // For each issuer, whether any credential of the ballot is valid under this issuer's key: tells
  // who signed a ballot that is not valid.
  std::vector<bool> SignedBy(const Ballot& ballot) const;
  const Definition& definition() const;

 private:
  struct Keys;
  BallotChecker(Definition definition, std::unique_ptr<Keys> keys);

  std::vector<BallotProblem> CheckAnswers(const Ballot& ballot) const;

  const Definition definition_;
  const std::unique_ptr<Keys> keys_;
};

}  // namespace veche::polling::protocol
