#include "services/polling/commands/demo_ballot.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/blind_rsa/client.h"
#include "common/crypto/random.h"
#include "common/rpc/status.h"
#include "services/polling/protocol/voter_key.h"

namespace veche::polling {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kTimeout));
}

absl::StatusOr<protocol::Credential> GetCredential(v1::Polls::Stub& polls,
                                                   const protocol::Definition& definition,
                                                   const protocol::Definition::Issuer& issuer,
                                                   const std::string& voter_key,
                                                   const std::string& token) {
  ASSIGN_OR_RETURN(const auto key, blind_rsa::PublicKey::FromSpki(issuer.public_key));
  const blind_rsa::Prepared prepared =
      blind_rsa::Prepare(protocol::CredentialMessage(definition.poll, voter_key));
  ASSIGN_OR_RETURN(blind_rsa::Blinding blinding, blind_rsa::Blind(key, prepared));
  v1::IssueCredentialRequest request;
  request.set_name(absl::StrCat("polls/", definition.poll));
  request.set_issuer(issuer.name);
  request.set_blinded_message(blinding.blinded);
  grpc::ClientContext context;
  SetDeadline(context);
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  v1::IssueCredentialResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(polls.IssueCredential(&context, request, &response)));
  ASSIGN_OR_RETURN(
      std::string signature,
      blind_rsa::Finalize(key, prepared, response.blind_signature(), blinding.inverse));
  return protocol::Credential{.prefix = prepared.prefix, .signature = std::move(signature)};
}

v1::CreateBallotRequest ToRequest(const protocol::Ballot& ballot) {
  v1::CreateBallotRequest request;
  request.set_parent(absl::StrCat("polls/", ballot.poll));
  for (const protocol::Answer& answer : ballot.answers) {
    v1::Answer& wire = *request.add_answers();
    wire.set_question(answer.question);
    for (const std::string& option : answer.options) wire.add_options(option);
  }
  request.set_salt(ballot.salt);
  request.set_voter_key(ballot.voter_key);
  request.set_prefix(ballot.credentials[0].prefix);
  request.set_signature(ballot.credentials[0].signature);
  if (ballot.credentials.size() > 1) {
    request.set_second_prefix(ballot.credentials[1].prefix);
    request.set_second_signature(ballot.credentials[1].signature);
  }
  request.set_counter(static_cast<int64_t>(ballot.counter));
  request.set_ballot_signature(ballot.signature);
  return request;
}

}  // namespace

absl::Status CastDemoBallot(v1::Polls::Stub& polls, const protocol::Definition& definition,
                            std::vector<protocol::Answer> answers, const std::string& token) {
  const crypto::EvpKey key = protocol::GenerateVoterKey();
  protocol::Ballot ballot{.poll = definition.poll,
                          .answers = std::move(answers),
                          .salt = crypto::RandomBytes(protocol::kSaltBytes),
                          .voter_key = protocol::VoterPublicKey(*key),
                          .counter = 1};
  for (const protocol::Definition::Issuer& issuer : definition.issuers) {
    ASSIGN_OR_RETURN(ballot.credentials.emplace_back(),
                     GetCredential(polls, definition, issuer, ballot.voter_key, token));
  }
  ballot.signature = protocol::SignAsVoter(*key, protocol::EncodeBody(ballot));
  grpc::ClientContext context;  // without identity
  SetDeadline(context);
  v1::BallotReceipt receipt;
  return rpc::FromGrpc(polls.CreateBallot(&context, ToRequest(ballot), &receipt));
}

}  // namespace veche::polling
