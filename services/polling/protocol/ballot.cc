#include "services/polling/protocol/ballot.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/bytes.h"

namespace veche::polling::protocol {
namespace {

constexpr absl::string_view kBallotMark = "veche/ballot/v1";

std::optional<PartProblem> CheckLength(absl::string_view part, const std::string& bytes,
                                       size_t length) {
  if (bytes.size() == length) return std::nullopt;
  return PartProblem{std::string(part),
                     absl::StrCat("must have ", length, " bytes, but has ", bytes.size())};
}

bool IsIdLength(const std::string& id) { return !id.empty() && id.size() <= kMaxIdBytes; }

std::optional<PartProblem> CheckAnswersForm(const std::vector<Answer>& answers) {
  const auto problem = [](auto... detail) {
    return PartProblem{"answers", absl::StrCat(detail...)};
  };
  if (answers.size() > kMaxAnswers) {
    return problem("must not answer more than ", kMaxAnswers, " questions");
  }
  for (const Answer& answer : answers) {
    if (!IsIdLength(answer.question)) return problem("must have ids of 1 to 32 bytes");
    if (answer.options.size() > kMaxAnswerOptions) {
      return problem("must not name more than ", kMaxAnswerOptions, " options");
    }
    for (const std::string& option : answer.options) {
      if (!IsIdLength(option)) return problem("must have ids of 1 to 32 bytes");
    }
  }
  return std::nullopt;
}

std::optional<PartProblem> CheckCredentialsForm(const std::vector<Credential>& credentials) {
  static constexpr absl::string_view kPrefixes[] = {"prefix", "secondPrefix"};
  static constexpr absl::string_view kSignatures[] = {"signature", "secondSignature"};
  if (credentials.empty() || credentials.size() > kMaxIssuers) {
    return PartProblem{"signature", "must be given for one or two issuers"};
  }
  for (size_t i = 0; i < credentials.size(); ++i) {
    auto problem = CheckLength(kPrefixes[i], credentials[i].prefix, kPrefixBytes);
    if (!problem) {
      problem = CheckLength(kSignatures[i], credentials[i].signature, kCredentialBytes);
    }
    if (problem) return problem;
  }
  return std::nullopt;
}

Answer TakeAnswer(ByteReader& bytes) {
  Answer answer{.question = std::string(bytes.TakeString())};
  for (uint64_t left = bytes.TakeBigEndian(2); left > 0 && bytes.ok(); --left) {
    answer.options.emplace_back(bytes.TakeString());
  }
  return answer;
}

}  // namespace

std::optional<PartProblem> CheckForm(const Ballot& ballot) {
  if (!IsIdLength(ballot.poll)) return PartProblem{"poll", "must be an id of 1 to 32 bytes"};
  auto problem = CheckAnswersForm(ballot.answers);
  if (!problem) problem = CheckLength("salt", ballot.salt, kSaltBytes);
  if (!problem) problem = CheckLength("voterKey", ballot.voter_key, kVoterKeyBytes);
  if (!problem) problem = CheckCredentialsForm(ballot.credentials);
  if (!problem && (ballot.counter < 1 || ballot.counter > uint64_t{kMaxInteger})) {
    problem = PartProblem{"counter", "must be from 1 to 9007199254740991"};
  }
  if (!problem) problem = CheckLength("ballotSignature", ballot.signature, kBallotSignatureBytes);
  return problem;
}

std::string EncodeBody(const Ballot& ballot) {
  std::string body(kBallotMark);
  body.reserve(1024);
  AppendString(ballot.poll, body);
  AppendU16(ballot.answers.size(), body);
  for (const Answer& answer : ballot.answers) {
    AppendString(answer.question, body);
    AppendU16(answer.options.size(), body);
    for (const std::string& option : answer.options) AppendString(option, body);
  }
  body += ballot.salt;
  AppendString(ballot.voter_key, body);
  body += static_cast<char>(ballot.credentials.size());
  for (const Credential& credential : ballot.credentials) {
    body += credential.prefix;
    AppendString(credential.signature, body);
  }
  AppendU64(ballot.counter, body);
  return body;
}

std::string EncodeEntry(const Ballot& ballot) {
  return absl::StrCat(EncodeEntry(EntryKind::kBallot, EncodeBody(ballot)), ballot.signature);
}

std::string EncodeEntry(EntryKind kind, absl::string_view json) {
  std::string entry(1, static_cast<char>(kind));
  absl::StrAppend(&entry, json);
  return entry;
}

absl::StatusOr<Ballot> ParseEntry(absl::string_view entry) {
  ByteReader bytes(entry);
  if (bytes.TakeBigEndian(1) != static_cast<uint64_t>(EntryKind::kBallot) || !bytes.ok() ||
      bytes.Take(kBallotMark.size()) != kBallotMark) {
    return absl::InvalidArgumentError("The entry is not a ballot of this version.");
  }
  Ballot ballot{.poll = std::string(bytes.TakeString())};
  for (uint64_t left = bytes.TakeBigEndian(2); left > 0 && bytes.ok(); --left) {
    ballot.answers.push_back(TakeAnswer(bytes));
  }
  ballot.salt = std::string(bytes.Take(kSaltBytes));
  ballot.voter_key = std::string(bytes.TakeString());
  for (uint64_t left = bytes.TakeBigEndian(1); left > 0 && bytes.ok(); --left) {
    Credential credential{.prefix = std::string(bytes.Take(kPrefixBytes))};
    credential.signature = std::string(bytes.TakeString());
    ballot.credentials.push_back(std::move(credential));
  }
  ballot.counter = bytes.TakeBigEndian(8);
  ballot.signature = std::string(bytes.Take(kBallotSignatureBytes));
  if (!bytes.ok()) return absl::InvalidArgumentError("The ballot is cut off.");
  if (!bytes.AtEnd()) {
    return absl::InvalidArgumentError("The ballot has bytes after its signature.");
  }
  if (const auto problem = CheckForm(ballot)) {
    return absl::InvalidArgumentError(
        absl::StrCat("The ballot's ", problem->part, " ", problem->detail, "."));
  }
  return ballot;
}

std::string TicketOf(absl::string_view leaf_hash) {
  std::string ticket = absl::WebSafeBase64Escape(leaf_hash);
  while (!ticket.empty() && ticket.back() == '=') ticket.pop_back();
  return ticket;
}

std::string CredentialMessage(absl::string_view poll, absl::string_view voter_key) {
  return absl::StrCat(kProtocol, poll, crypto::Sha256(voter_key));
}

}  // namespace veche::polling::protocol
