#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/merkle/proof.h"
#include "common/merkle/signed_head.h"
#include "services/polling/commands/http_client.h"
#include "services/polling/protocol/ballot.h"

// The calls of docs/polling-protocol.md over HTTP, as a client of any city makes them.

namespace veche::polling {

struct Receipt {
  std::string ticket;
  std::optional<uint64_t> board_index;  // nothing while the ballot waits for its batch
  merkle::SignedHead head;
  merkle::Proof proof;
};

// Errors: Unavailable without an answer; else what the server refused, with its text.
// InvalidArgument when the answer is not what the protocol says. Not thread-safe.
class PollApi {
 public:
  // `base`: "http://127.0.0.1:8080"; `poll`: the id.
  PollApi(std::string base, std::string poll);

  // The canonical definition; FailedPrecondition while the poll is a draft.
  absl::StatusOr<std::string> Definition();
  // The blind signature. AlreadyExists when the resident has another credential.
  absl::StatusOr<std::string> IssueCredential(absl::string_view issuer, absl::string_view blinded,
                                              absl::string_view token);
  absl::StatusOr<Receipt> Cast(const protocol::Ballot& ballot);
  absl::StatusOr<Receipt> GetReceipt(absl::string_view ticket);
  // Waits on the server for the receipt, at most `patience`.
  absl::StatusOr<Receipt> WatchReceipt(absl::string_view ticket, absl::Duration patience);
  absl::StatusOr<merkle::SignedHead> Head();
  // Between two sizes in any order; empty when they are equal.
  absl::StatusOr<merkle::Proof> ConsistencyProof(uint64_t first, uint64_t second);
  absl::StatusOr<merkle::Proof> InclusionProof(uint64_t index, uint64_t size);

 private:
  std::string Path(absl::string_view rest) const;

  const std::string poll_;
  HttpClient http_;
};

// The JSON of CreateBallot, padded with spaces to a multiple of 8,192 bytes.
std::string BallotJson(const protocol::Ballot& ballot);

}  // namespace veche::polling
