#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/merkle/signed_head.h"
#include "services/polling/protocol/definition.h"

namespace veche::polling {

// What a voter's device keeps for one poll. It is written before each request that depends on it,
// so that a program which was ended at any moment goes on from there and never asks for a second
// credential. It is a secret: with it, anybody can vote in the voter's place and see the vote.
struct VoterState {
  struct Issuance {
    std::string issuer;
    std::string prefix;
    std::string blinded;
    std::string inverse;    // "" once there is a signature
    std::string signature;  // "" until the issuer has answered
  };
  struct Cast {
    std::string entry;                    // the whole ballot
    std::optional<uint64_t> board_index;  // nothing until the receipt is verified
  };

  std::string definition;  // canonical JSON
  std::string voter_key;   // private, PKCS#8 (DER)
  std::vector<Issuance> issuances;
  std::vector<Cast> ballots;               // by counter
  std::optional<merkle::SignedHead> head;  // the last one that was verified
};

// A file that does not exist is NotFound, one that cannot be read as a state InvalidArgument.
absl::StatusOr<VoterState> LoadVoterState(const std::filesystem::path& file);
// Durably, with mode 0600.
absl::Status SaveVoterState(const std::filesystem::path& file, const VoterState& state);

}  // namespace veche::polling
