#include "services/polling/protocol/check_ballot.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/blind_rsa/keys.h"
#include "common/crypto/ed25519.h"
#include "services/polling/counting/question.h"
#include "services/polling/protocol/ballot_tally.h"
#include "services/polling/protocol/voter_key.h"

namespace veche::polling::protocol {

struct BallotChecker::Keys {
  std::vector<blind_rsa::PublicKey> issuers;
  absl::flat_hash_map<std::string, counting::Question> questions;  // by id
};

namespace {

std::vector<BallotProblem> One(BallotProblem problem) { return {std::move(problem)}; }

absl::Status MemberFault(absl::string_view list, size_t index, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(list, "[", index, "]", problem, "."));
}

}  // namespace

absl::string_view FaultName(BallotFault fault) {
  switch (fault) {
    case BallotFault::kForm:
      return "form";
    case BallotFault::kPoll:
      return "poll";
    case BallotFault::kIssuerCount:
      return "issuer count";
    case BallotFault::kAnswer:
      return "answer";
    case BallotFault::kVoterKey:
      return "voter key";
    case BallotFault::kCredential:
      return "credential";
    case BallotFault::kBallotSignature:
      return "ballot signature";
  }
  return "";
}

BallotChecker::BallotChecker(Definition definition, std::unique_ptr<Keys> keys)
    : definition_(std::move(definition)), keys_(std::move(keys)) {}
BallotChecker::~BallotChecker() = default;

absl::StatusOr<std::unique_ptr<BallotChecker>> BallotChecker::Create(const Definition& definition) {
  auto keys = std::make_unique<Keys>();
  for (size_t i = 0; i < definition.issuers.size(); ++i) {
    auto key = blind_rsa::PublicKey::FromSpki(definition.issuers[i].public_key);
    if (!key.ok()) return MemberFault("issuers", i, ".publicKey is not an RSA-3072 public key");
    keys->issuers.push_back(*std::move(key));
    if (crypto::Ed25519FromPublic(definition.issuers[i].statement_key) == nullptr) {
      return MemberFault("issuers", i, ".statementKey is not an Ed25519 public key");
    }
  }
  if (crypto::Ed25519FromPublic(definition.board_key) == nullptr) {
    return absl::InvalidArgumentError("boardKey is not an Ed25519 public key.");
  }
  for (size_t i = 0; i < definition.questions.size(); ++i) {
    auto question = CountingQuestion(definition.questions[i]);
    if (!question.ok()) {
      return MemberFault("questions", i, absl::StrCat(" ", question.status().message()));
    }
    keys->questions.emplace(definition.questions[i].id, *std::move(question));
  }
  return std::unique_ptr<BallotChecker>(new BallotChecker(definition, std::move(keys)));
}

std::vector<BallotProblem> BallotChecker::Check(const Ballot& ballot) const {
  if (auto form = CheckForm(ballot)) {
    return One({.fault = BallotFault::kForm,
                .part = form->part,
                .detail = absl::StrCat(form->part, " ", form->detail)});
  }
  if (ballot.poll != definition_.poll) {
    return One({.fault = BallotFault::kPoll,
                .part = "poll",
                .detail = absl::StrCat("the ballot is for the poll \"", ballot.poll, "\"")});
  }
  if (ballot.credentials.size() != keys_->issuers.size()) {
    return One(
        {.fault = BallotFault::kIssuerCount,
         .part = "secondSignature",
         .detail = absl::StrCat("the ballot has ", ballot.credentials.size(),
                                " signatures of issuers instead of ", keys_->issuers.size())});
  }
  std::vector<BallotProblem> problems = CheckAnswers(ballot);
  if (!problems.empty()) return problems;
  const auto voter = ParseVoterKey(ballot.voter_key);
  if (!voter.ok()) {
    return One({.fault = BallotFault::kVoterKey,
                .part = "voterKey",
                .detail = absl::StrCat("voterKey ", voter.status().message())});
  }
  const std::string message = CredentialMessage(ballot.poll, ballot.voter_key);
  for (size_t i = 0; i < keys_->issuers.size(); ++i) {
    const Credential& credential = ballot.credentials[i];
    if (keys_->issuers[i].Verify(message, credential.prefix, credential.signature)) continue;
    problems.push_back(
        {.fault = BallotFault::kCredential,
         .part = i == 0 ? "signature" : "secondSignature",
         .issuer = definition_.issuers[i].name,
         .detail = absl::StrCat("the signature of the issuer ", definition_.issuers[i].name,
                                " is not valid for this prefix, poll and voter key")});
  }
  if (!VerifyVoterSignature(**voter, EncodeBody(ballot), ballot.signature)) {
    problems.push_back({.fault = BallotFault::kBallotSignature,
                        .part = "ballotSignature",
                        .detail = "the voter key did not sign this ballot"});
  }
  return problems;
}

std::vector<BallotProblem> BallotChecker::CheckAnswers(const Ballot& ballot) const {
  absl::flat_hash_set<absl::string_view> answered;
  for (const Answer& answer : ballot.answers) {
    const auto problem = [&answer](absl::string_view detail) {
      return One({.fault = BallotFault::kAnswer,
                  .part = answer.question,
                  .detail = absl::StrCat("question ", answer.question, ": ", detail)});
    };
    const auto question = keys_->questions.find(answer.question);
    if (question == keys_->questions.end()) return problem("is not in this poll");
    if (!answered.insert(answer.question).second) return problem("is answered more than once");
    const counting::AnswerError error =
        counting::CheckAnswer(question->second, CountingAnswer(question->second, answer.options));
    if (error != counting::AnswerError::kNone) return problem(counting::Word(error));
  }
  return {};
}

std::vector<bool> BallotChecker::SignedBy(const Ballot& ballot) const {
  const std::string message = CredentialMessage(ballot.poll, ballot.voter_key);
  std::vector<bool> signers;
  for (const blind_rsa::PublicKey& key : keys_->issuers) {
    bool is_signer = false;
    for (const Credential& credential : ballot.credentials) {
      is_signer = is_signer || key.Verify(message, credential.prefix, credential.signature);
    }
    signers.push_back(is_signer);
  }
  return signers;
}

const Definition& BallotChecker::definition() const { return definition_; }

}  // namespace veche::polling::protocol
