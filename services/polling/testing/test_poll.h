#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/blind_rsa/keys.h"
#include "common/crypto/evp_key.h"
#include "common/merkle/signed_head.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/protocol/definition.h"

namespace veche::polling::testing {

// A file of services/polling/protocol/testdata.
std::string TestFile(const std::string& name);

// A poll with a question of each type and the keys of testdata/keys, and everybody's part in it:
// the voter's, the issuers' and the box's. Not thread-safe.
class TestPoll {
 public:
  static constexpr int kVoters = 6;

  explicit TestPoll(size_t issuers = 1);

  // Signed by `voter` (from 0, below kVoters) and all issuers.
  protocol::Ballot MakeBallot(int voter, std::vector<protocol::Answer> answers,
                              uint64_t counter = 1);
  // By the voter key `key`, with credentials of the issuers of `signers` alone: the other
  // credentials are of a wrong signature.
  protocol::Ballot MakeBallot(EVP_PKEY& key, std::vector<protocol::Answer> answers,
                              uint64_t counter, std::vector<bool> signers = {true, true});
  // What `issuer` signs, unblinded.
  protocol::Credential MakeCredential(size_t issuer, const std::string& message);
  // Signs again what was changed.
  void SignBallot(int voter, protocol::Ballot& ballot);

  // As if each issuer had issued as many credentials.
  protocol::ClosingRecord MakeClosingRecord(std::vector<int64_t> issued);
  std::string Statement(size_t issuer, int64_t issued, bool final = true);
  merkle::SignedHead MakeHead(const std::vector<std::string>& entries);

  // Definition, ballots and closing record.
  std::vector<std::string> MakeBoard(const std::vector<protocol::Ballot>& ballots,
                                     std::vector<int64_t> issued);

  EVP_PKEY& voter_key(int voter) { return *voters_[static_cast<size_t>(voter)]; }
  const blind_rsa::PrivateKey& issuing_key(size_t issuer) const { return issuing_[issuer]; }
  EVP_PKEY& board_key() { return *board_; }

  protocol::Definition definition;
  uint64_t head_time = 1767830460;  // of the heads that MakeHead signs

 private:
  std::vector<blind_rsa::PrivateKey> issuing_;
  std::vector<crypto::EvpKey> statement_;
  std::vector<crypto::EvpKey> voters_;
  crypto::EvpKey board_;
};

// Answers to each question of a TestPoll.
std::vector<protocol::Answer> SomeAnswers();

}  // namespace veche::polling::testing
