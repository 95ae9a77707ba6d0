#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/texts.h"
#include "common/merkle/proof.h"
#include "common/merkle/signed_head.h"
#include "google/protobuf/repeated_field.h"
#include "services/polling/polls/poll.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/definition.h"
#include "services/polling/protocol/verify_board.h"
#include "veche/polling/v1/polls.pb.h"

// Between the wire (v1::X) and the domain (X). Pure functions.

namespace veche::polling {

std::string PollName(absl::string_view id);  // "polls/{id}"
// The id in "polls/{id}"; "" for any other text.
std::string PollId(absl::string_view name);

// What the caller sees of a poll.
struct PollView {
  std::string language;
  absl::Time now;
  bool whole = true;  // false in lists: without the definition
};
v1::Poll ToWire(const Poll& poll, const PollView& view, const Texts& texts);

v1::SignedHead ToWire(const merkle::SignedHead& head);
void AddHashes(const merkle::Proof& hashes, google::protobuf::RepeatedPtrField<std::string>& out);

// The ballot in the request, as it is; protocol::CheckForm says whether its parts fit.
protocol::Ballot ToBallot(const v1::CreateBallotRequest& request);

// The results of the questions, in the definition's order.
void AddResults(const protocol::Definition& definition,
                const std::vector<counting::Result>& results, v1::Results& out);
// The ballots by the residents who may vote, from 0 to 1.
double Turnout(int64_t ballots, int64_t eligible);

}  // namespace veche::polling
