#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/polling/protocol/limits.h"

// Ballots as bytes (docs/polling-protocol.md, sections 2 to 4). Bytes are std::string everywhere.

namespace veche::polling::protocol {

inline constexpr size_t kPrefixBytes = 32;
inline constexpr size_t kSaltBytes = 32;
inline constexpr size_t kVoterKeyBytes = 91;
inline constexpr size_t kCredentialBytes = 384;  // an RSA-3072 signature
inline constexpr size_t kBallotSignatureBytes = 64;
inline constexpr size_t kHashBytes = 32;

// The first byte of an entry.
enum class EntryKind : uint8_t { kDefinition = 0, kBallot = 1, kClosingRecord = 2 };

struct Answer {
  std::string question;
  std::vector<std::string> options;  // of RANKING: the most preferred first
  friend bool operator==(const Answer&, const Answer&) = default;
};

// An issuer's signature over prefix ‖ CredentialMessage.
struct Credential {
  std::string prefix;
  std::string signature;
  friend bool operator==(const Credential&, const Credential&) = default;
};

struct Ballot {
  std::string poll;  // the id
  std::vector<Answer> answers;
  std::string salt;
  std::string voter_key;                // SubjectPublicKeyInfo (DER)
  std::vector<Credential> credentials;  // in the order of the definition's issuers
  uint64_t counter = 0;
  std::string signature;  // ECDSA by the voter key over EncodeBody: r ‖ s
  friend bool operator==(const Ballot&, const Ballot&) = default;
};

// What is wrong with one part of a ballot.
struct PartProblem {
  std::string part;    // as the JSON of CreateBallot names it: "voterKey", "secondPrefix"
  std::string detail;  // for people, in English: "must have 91 bytes"
};
// Nothing when each part has its length, the numbers of answers and options are within the limits
// and the counter is from 1 to 2^53 - 1. So the ballot can be encoded; it is not valid yet.
std::optional<PartProblem> CheckForm(const Ballot& ballot);

// What the ballot signature signs. REQUIRES (both): CheckForm finds nothing, but EncodeBody does
// not look at `signature`.
std::string EncodeBody(const Ballot& ballot);
// u8 1 ‖ body ‖ ballot signature.
std::string EncodeEntry(const Ballot& ballot);
// Reads any bytes. InvalidArgument, which names the part, unless `entry` is what EncodeEntry makes
// of a ballot.
absl::StatusOr<Ballot> ParseEntry(absl::string_view entry);

// The entry of a definition or a closing record: its kind ‖ its canonical JSON.
std::string EncodeEntry(EntryKind kind, absl::string_view json);

// merkle::LeafHash makes leaf hashes.
// The leaf hash in base64url without padding: the last part of "polls/{id}/ballots/{ticket}".
std::string TicketOf(absl::string_view leaf_hash);

// "veche/poll/v1" ‖ poll id ‖ SHA-256(voter key): what the issuers sign after a prefix.
std::string CredentialMessage(absl::string_view poll, absl::string_view voter_key);

}  // namespace veche::polling::protocol
