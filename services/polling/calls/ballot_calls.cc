#include "services/polling/calls/ballot_calls.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/polling/domain/errors.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {
namespace {

// A gateway refuses identity before it reads the ballot; this refuses callers without a gateway.
absl::Status CheckAnonymous(const rpc::Call& call) {
  Violations violations;
  if (!call.principal().anonymous()) violations.Add("Authorization", "IDENTITY_NOT_WANTED");
  return violations.ToStatus();
}

struct BallotName {
  std::string poll;
  std::string leaf_hash;
};

// BALLOT_NOT_FOUND unless `name` is "polls/{id}/ballots/{ticket}".
absl::StatusOr<BallotName> ParseName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  BallotName ballot;
  if (parts.size() != 4 || parts[0] != "polls" || parts[2] != "ballots" ||
      !absl::WebSafeBase64Unescape(parts[3], &ballot.leaf_hash) ||
      ballot.leaf_hash.size() != protocol::kHashBytes) {
    return BallotNotFound();
  }
  ballot.poll = std::string(parts[1]);
  return ballot;
}

}  // namespace

absl::StatusOr<v1::BallotReceipt> BallotCalls::CreateBallot(const rpc::Call& call,
                                                            const v1::CreateBallotRequest& request,
                                                            Violations violations) {
  RETURN_IF_ERROR(CheckAnonymous(call));
  const protocol::Ballot ballot = ToBallot(request);
  if (const auto problem = protocol::CheckForm(ballot)) {
    violations.Add(problem->part, {"BALLOT_PART", {{"problem", problem->detail}}});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const CastBallot cast, box_.Cast(ballot));
  if (cast.repeated) return receipts_.Get(ballot.poll, cast.leaf_hash);
  v1::BallotReceipt waiting;
  waiting.set_ticket(protocol::TicketOf(cast.leaf_hash));
  waiting.set_leaf_hash(cast.leaf_hash);
  return waiting;
}

absl::StatusOr<v1::BallotReceipt> BallotCalls::GetBallot(const rpc::Call& call,
                                                         const v1::GetBallotRequest& request) {
  RETURN_IF_ERROR(CheckAnonymous(call));
  ASSIGN_OR_RETURN(const BallotName name, ParseName(request.name()));
  return receipts_.Get(name.poll, name.leaf_hash);
}

absl::Status BallotCalls::WatchBallot(
    const rpc::Call& call, const v1::WatchBallotRequest& request,
    std::shared_ptr<rpc::StreamWriter<v1::WatchBallotResponse>> writer) {
  RETURN_IF_ERROR(CheckAnonymous(call));
  ASSIGN_OR_RETURN(const BallotName name, ParseName(request.name()));
  RETURN_IF_ERROR(receipts_.Get(name.poll, name.leaf_hash).status());
  auto stream = std::make_shared<ReceiptStream>();
  stream->writer = std::move(writer);
  stream->poll = name.poll;
  stream->leaf_hash = name.leaf_hash;
  return hub_.Subscribe(protocol::TicketOf(name.leaf_hash), std::move(stream));
}

}  // namespace veche::polling
