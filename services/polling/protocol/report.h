#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/merkle/tree.h"
#include "services/polling/counting/result.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/protocol/definition.h"

// What the verification of a board found.

namespace veche::polling::protocol {

// The rules of docs/polling-protocol.md, section 6, by their numbers.
enum class Rule {
  kHead = 1,       // the head is signed; its size and root are those of the entries
  kStructure = 2,  // the definition first, the closing record last, ballots between
  kBallot = 3,     // each ballot is valid
  kUnique = 4,     // no voter key and counter appear twice
  kIssuer = 5,     // no issuer signed more voter keys than it states, and none signed alone
};

struct Fault {
  Rule rule;
  std::optional<uint64_t> index;  // the entry on the board
  std::string issuer;             // the issuer at fault, by name; "" when none is
  std::string detail;             // for people, in English
};

inline constexpr size_t kMaxFaults = 1000;

struct Report {
  std::vector<Fault> faults;  // the first kMaxFaults
  uint64_t fault_count = 0;   // all
  uint64_t tree_size = 0;
  merkle::Hash root = {};
  std::optional<Definition> definition;  // nothing when entry 0 is not a definition
  std::optional<ClosingRecord> closing_record;
  int64_t ballots = 0;        // entries that are ballots
  int64_t valid_ballots = 0;  // of these, the valid and unique ones
  int64_t voters = 0;         // of these, the ballots that count: one for each voter key
  std::vector<counting::Result> results;  // in the definition's order
  std::string result_json;                // as EncodeResult makes it; "" without a definition
  std::string result_hash;                // its SHA-256, 32 bytes; "" without a definition
};

}  // namespace veche::polling::protocol
