#include "services/polling/commands/voter.h"

#include <openssl/rand.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/blind_rsa/client.h"
#include "common/merkle/proof.h"
#include "services/polling/protocol/mirror.h"
#include "services/polling/protocol/voter_key.h"

namespace veche::polling {
namespace {

using protocol::Ballot;

constexpr int kMaxAttempts = 30;

std::string RandomBytes(size_t bytes) {
  std::string random(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1) {
    std::abort();
  }
  return random;
}

absl::Status WithContext(absl::string_view context, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(context, status.message()));
}

}  // namespace

Voter::Voter(const std::string& url, const std::string& poll, std::filesystem::path state_file)
    : state_file_(std::move(state_file)), identified_(url, poll), anonymous_(url, poll) {}

absl::StatusOr<std::unique_ptr<Voter>> Voter::Open(const std::string& url, const std::string& poll,
                                                   std::filesystem::path state_file) {
  std::unique_ptr<Voter> voter(new Voter(url, poll, std::move(state_file)));
  auto state = LoadVoterState(voter->state_file_);
  if (state.ok()) {
    voter->state_ = *std::move(state);
  } else if (absl::IsNotFound(state.status())) {
    ASSIGN_OR_RETURN(voter->state_.definition, voter->anonymous_.Definition());
    voter->state_.voter_key = protocol::VoterKeyToPkcs8(*protocol::GenerateVoterKey());
  } else {
    return state.status();
  }
  RETURN_IF_ERROR(voter->Start(poll));
  return voter;
}

absl::Status Voter::Start(const std::string& poll) {
  auto definition = protocol::ParseDefinition(state_.definition);
  if (!definition.ok()) return WithContext("The poll's definition: ", definition.status());
  if (definition->poll != poll) {
    return absl::InvalidArgumentError(absl::StrCat("The definition is of the poll \"",
                                                   definition->poll, "\", not of \"", poll, "\"."));
  }
  ASSIGN_OR_RETURN(checker_, protocol::BallotChecker::Create(*definition));
  ASSIGN_OR_RETURN(key_, protocol::VoterKeyFromPkcs8(state_.voter_key));
  return absl::OkStatus();
}

absl::Status Voter::Prepare(VoterState::Issuance& issuance, size_t issuer) {
  ASSIGN_OR_RETURN(const auto key,
                   blind_rsa::PublicKey::FromSpki(definition().issuers[issuer].public_key));
  const blind_rsa::Prepared prepared = blind_rsa::Prepare(
      protocol::CredentialMessage(definition().poll, protocol::VoterPublicKey(*key_)));
  ASSIGN_OR_RETURN(blind_rsa::Blinding blinding, blind_rsa::Blind(key, prepared));
  issuance = {.issuer = definition().issuers[issuer].name,
              .prefix = prepared.prefix,
              .blinded = std::move(blinding.blinded),
              .inverse = std::move(blinding.inverse)};
  return absl::OkStatus();
}

absl::Status Voter::GetCredentials(absl::string_view token) {
  const size_t issuers = definition().issuers.size();
  for (size_t i = state_.issuances.size(); i < issuers; ++i) {
    RETURN_IF_ERROR(Prepare(state_.issuances.emplace_back(), i));
  }
  RETURN_IF_ERROR(Save());  // an issuer signs one value: it must not get lost
  for (size_t i = 0; i < issuers; ++i) {
    VoterState::Issuance& issuance = state_.issuances[i];
    if (!issuance.signature.empty()) continue;
    if (token.empty()) {
      return absl::InvalidArgumentError("--token is needed to get the credential.");
    }
    auto answer = identified_.IssueCredential(issuance.issuer, issuance.blinded, token);
    if (!answer.ok()) {
      return WithContext(absl::StrCat("The issuer ", issuance.issuer, " gave no credential. "),
                         answer.status());
    }
    ASSIGN_OR_RETURN(const auto key,
                     blind_rsa::PublicKey::FromSpki(definition().issuers[i].public_key));
    const blind_rsa::Prepared prepared{
        .prefix = issuance.prefix,
        .message = protocol::CredentialMessage(definition().poll, protocol::VoterPublicKey(*key_))};
    auto signature = blind_rsa::Finalize(key, prepared, *answer, issuance.inverse);
    if (!signature.ok()) {
      return WithContext(absl::StrCat("The signature of the issuer ", issuance.issuer, ": "),
                         signature.status());
    }
    issuance.signature = *std::move(signature);
    issuance.inverse.clear();
    RETURN_IF_ERROR(Save());
  }
  return absl::OkStatus();
}

absl::StatusOr<Ballot> Voter::MakeBallot(const std::vector<protocol::Answer>& answers) const {
  Ballot ballot{.poll = definition().poll,
                .answers = answers,
                .salt = RandomBytes(protocol::kSaltBytes),
                .voter_key = protocol::VoterPublicKey(*key_),
                .counter = 1};
  for (const VoterState::Issuance& issuance : state_.issuances) {
    ballot.credentials.push_back({.prefix = issuance.prefix, .signature = issuance.signature});
  }
  if (!state_.ballots.empty()) {
    ASSIGN_OR_RETURN(const Ballot last, protocol::ParseEntry(state_.ballots.back().entry));
    ballot.counter = last.counter + 1;
  }
  ballot.signature = protocol::SignAsVoter(*key_, protocol::EncodeBody(ballot));
  const auto problems = checker_->Check(ballot);
  if (!problems.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("The ballot: ", problems[0].detail, "."));
  }
  return ballot;
}

absl::Status Voter::Cast(const std::vector<protocol::Answer>& answers, bool revote) {
  bool is_new = state_.ballots.empty();
  if (!is_new && !answers.empty()) {
    ASSIGN_OR_RETURN(const Ballot last, protocol::ParseEntry(state_.ballots.back().entry));
    is_new = revote && (last.answers != answers || state_.ballots.back().board_index.has_value());
    if (!revote && last.answers != answers) {
      return absl::FailedPreconditionError(
          "A ballot with other answers was cast already. --revote replaces it.");
    }
  }
  if (is_new) {
    if (answers.empty()) return absl::InvalidArgumentError("--answer is needed, as in q1=o2,o3.");
    ASSIGN_OR_RETURN(const Ballot ballot, MakeBallot(answers));
    state_.ballots.push_back({.entry = protocol::EncodeEntry(ballot)});
    RETURN_IF_ERROR(Save());
  }
  const VoterState::Cast& cast = state_.ballots.back();
  if (cast.board_index) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Ballot ballot, protocol::ParseEntry(cast.entry));
  ASSIGN_OR_RETURN(const Receipt receipt, anonymous_.Cast(ballot));
  return receipt.board_index ? Accept(receipt) : absl::OkStatus();
}

absl::Status Voter::AwaitReceipt(absl::Duration patience) {
  if (state_.ballots.empty()) return absl::FailedPreconditionError("No ballot was cast.");
  if (state_.ballots.back().board_index) return absl::OkStatus();
  const std::string ticket =
      protocol::TicketOf(merkle::HashBytes(merkle::LeafHash(state_.ballots.back().entry)));
  ASSIGN_OR_RETURN(Receipt receipt, anonymous_.GetReceipt(ticket));
  const absl::Time deadline = absl::Now() + patience;
  for (int i = 0; i < kMaxAttempts && !receipt.board_index && absl::Now() < deadline; ++i) {
    auto watched = anonymous_.WatchReceipt(ticket, deadline - absl::Now());
    if (watched.ok()) {
      receipt = *std::move(watched);
    } else if (!absl::IsUnavailable(watched.status())) {
      return watched.status();
    }
  }
  if (!receipt.board_index) {
    return absl::UnavailableError(absl::StrCat(
        "The ballot waits for its batch under the ticket ", ticket,
        ". Run the same command later: it sends nothing twice and verifies the receipt."));
  }
  return Accept(receipt);
}

// Verifies that `head` is signed, and that its board continues the one that was seen before.
absl::Status Voter::CheckSeenBoard(const merkle::SignedHead& head) {
  RETURN_IF_ERROR(protocol::CheckHead(head, definition().poll, definition().board_key));
  if (!state_.head) return absl::OkStatus();
  RETURN_IF_ERROR(protocol::CheckOrder(*state_.head, head));
  ASSIGN_OR_RETURN(const merkle::Proof proof,
                   anonymous_.ConsistencyProof(state_.head->head.size, head.head.size));
  return protocol::CheckContinues(*state_.head, head, proof, definition().board_key);
}

absl::Status Voter::Accept(const Receipt& receipt) {
  VoterState::Cast& cast = state_.ballots.back();
  const merkle::Head& head = receipt.head.head;
  RETURN_IF_ERROR(CheckSeenBoard(receipt.head));
  if (!merkle::VerifyInclusion(merkle::LeafHash(cast.entry), *receipt.board_index, head.size,
                               receipt.proof, head.root)) {
    return absl::DataLossError("The receipt does not prove that the ballot is on the board.");
  }
  const std::string definition =
      protocol::EncodeEntry(protocol::EntryKind::kDefinition, state_.definition);
  ASSIGN_OR_RETURN(const merkle::Proof first, anonymous_.InclusionProof(0, head.size));
  if (!merkle::VerifyInclusion(merkle::LeafHash(definition), 0, head.size, first, head.root)) {
    return absl::DataLossError("The board is of another definition than the one voted on.");
  }
  cast.board_index = receipt.board_index;
  state_.head = receipt.head;
  return Save();
}

absl::Status Voter::CheckBoard() {
  if (state_.ballots.empty() || !state_.ballots.back().board_index) {
    return absl::FailedPreconditionError("There is no ballot with a receipt to check.");
  }
  const VoterState::Cast& cast = state_.ballots.back();
  ASSIGN_OR_RETURN(const merkle::SignedHead head, anonymous_.Head());
  RETURN_IF_ERROR(CheckSeenBoard(head));
  ASSIGN_OR_RETURN(const merkle::Proof proof,
                   anonymous_.InclusionProof(*cast.board_index, head.head.size));
  if (!merkle::VerifyInclusion(merkle::LeafHash(cast.entry), *cast.board_index, head.head.size,
                               proof, head.head.root)) {
    return absl::DataLossError("The ballot is not on the board any more.");
  }
  state_.head = head;
  return Save();
}

void Voter::Print(std::ostream& out) const {
  const VoterState::Cast& cast = state_.ballots.back();
  const std::string leaf(merkle::HashBytes(merkle::LeafHash(cast.entry)));
  const merkle::Head& head = state_.head->head;
  const auto ballot = protocol::ParseEntry(cast.entry);
  out << "Your ballot is entry " << *cast.board_index << " of the board of polls/"
      << definition().poll << ".\n";
  if (ballot.ok()) {
    for (const protocol::Answer& answer : ballot->answers) {
      out << "  " << answer.question << ":";
      for (const std::string& option : answer.options) out << " " << option;
      out << "\n";
    }
    out << "  counter    " << ballot->counter << "\n";
  }
  out << "  ticket     " << protocol::TicketOf(leaf) << "\n"
      << "  leaf hash  " << absl::BytesToHexString(leaf) << "\n"
      << "  head       " << head.size << " entries, "
      << absl::FormatTime(absl::RFC3339_sec, absl::FromUnixSeconds(head.unix_seconds),
                          absl::UTCTimeZone())
      << ", root " << absl::BytesToHexString(merkle::HashBytes(head.root)) << "\n"
      << "The head is signed by the board key, and the proof leads from your ballot to it.\n"
      << "Keep " << state_file_.string()
      << " secret: with it, anybody sees and replaces your vote.\n";
}

}  // namespace veche::polling
