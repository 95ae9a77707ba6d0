#include "services/polling/testing/test_poll.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/blind_rsa/client.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/voter_key.h"

namespace veche::polling::testing {
namespace {

using protocol::Ballot;
using protocol::Definition;

constexpr const char* kIssuers[] = {"city", "union"};

// The DER of a PEM text.
std::string Der(const std::string& pem) {
  std::string base64, der;
  for (absl::string_view line : absl::StrSplit(pem, '\n')) {
    if (!line.empty() && line[0] != '-') absl::StrAppend(&base64, line);
  }
  absl::Base64Unescape(base64, &der);
  return der;
}

Definition::Option Option(const std::string& id, const std::string& text, int64_t price = 0) {
  return {.id = id, .texts = {{"en", text}}, .price = price};
}

std::vector<Definition::Question> Questions() {
  return {
      {.id = "park",
       .type = "SINGLE",
       .method = "plurality",
       .texts = {{"en", "Where shall the new park be?"}, {"ru", "Где разбить новый парк?"}},
       .options = {Option("north", "In the north"),
                   Option("south", "In the \"south\""),
                   {.id = "centre",
                    .texts = {{"en", "In the centre"}},
                    .picture = absl::BytesToHexString(crypto::Sha256("a picture"))}}},
      {.id = "sports",
       .type = "MULTIPLE",
       .method = "approval",
       .texts = {{"en", "Which sports?"}},
       .min = 1,
       .max = 2,
       .shuffled = true,
       .options = {Option("o1", "Football"), Option("o2", "Chess"), Option("o3", "Swimming")}},
      {.id = "buses",
       .type = "RATING",
       .method = "mean_rating",
       .texts = {{"en", "How are the buses?"}},
       .options = {Option("1", "Bad"), Option("2", "Poor"), Option("3", "Fair"),
                   Option("4", "Good"), Option("5", "Very good")}},
      {.id = "names",
       .type = "RANKING",
       .method = "schulze",
       .texts = {{"en", "Which name for the street?"}},
       .max = 4,
       .options = {Option("a", "Spring"), Option("b", "Summer"), Option("c", "Autumn"),
                   Option("d", "Winter")}},
      {.id = "money",
       .type = "BUDGET",
       .method = "equal_shares",
       .texts = {{"en", "Which projects?"}},
       .max = 4,
       .budget = 100,
       .options = {Option("p1", "A bridge", 70), Option("p2", "A slide", 30),
                   Option("p3", "A fountain", 40), Option("p4", "Benches", 10)}},
  };
}

std::string PublicKey(const EVP_PKEY& key) { return crypto::Ed25519PublicBytes(key); }

}  // namespace

std::string TestFile(const std::string& name) {
  const char* root = std::getenv("VECHE_SOURCE_DIR");
  std::ostringstream text;
  text << std::ifstream(absl::StrCat(root == nullptr ? "." : root,
                                     "/services/polling/protocol/testdata/", name))
              .rdbuf();
  return text.str();
}

TestPoll::TestPoll(size_t issuers) {
  board_ = *crypto::Ed25519FromPem(TestFile("keys/board.pem"));
  for (int i = 1; i <= kVoters; ++i) {
    voters_.push_back(
        *protocol::VoterKeyFromPkcs8(Der(TestFile(absl::StrCat("keys/voter-", i, ".pem")))));
  }
  definition = {.poll = "01kdwh5e00p000000000000t01",
                .titles = {{"en", "The year's poll"}, {"ru", "Опрос года"}},
                .descriptions = {{"en", "A question of each type.\nNothing is real."}},
                .questions = Questions(),
                .districts = {"districts/centre", "districts/north"},
                .min_age = 16,
                .verified = true,
                .open_time = 1767225600,
                .close_time = 1767830400,
                .results_hidden = true,
                .batch_ballots = 20,
                .batch_seconds = 600,
                .board_key = PublicKey(*board_)};
  for (size_t i = 0; i < issuers; ++i) {
    const std::string name = kIssuers[i];
    issuing_.push_back(*blind_rsa::PrivateKey::FromPkcs8(
        Der(TestFile(absl::StrCat("keys/issuing-", name, ".pem")))));
    statement_.push_back(
        *crypto::Ed25519FromPem(TestFile(absl::StrCat("keys/statement-", name, ".pem"))));
    definition.issuers.push_back({.name = name,
                                  .public_key = issuing_[i].public_key().ToSpki(),
                                  .statement_key = PublicKey(*statement_[i])});
  }
}

protocol::Credential TestPoll::MakeCredential(size_t issuer, const std::string& message) {
  const blind_rsa::PrivateKey& key = issuing_[issuer];
  const blind_rsa::Prepared prepared = blind_rsa::Prepare(message);
  const auto blinding = blind_rsa::Blind(key.public_key(), prepared);
  const auto blind_signature = key.BlindSign(blinding->blinded);
  return {prepared.prefix,
          *blind_rsa::Finalize(key.public_key(), prepared, *blind_signature, blinding->inverse)};
}

Ballot TestPoll::MakeBallot(int voter, std::vector<protocol::Answer> answers, uint64_t counter) {
  return MakeBallot(voter_key(voter), std::move(answers), counter);
}

Ballot TestPoll::MakeBallot(EVP_PKEY& key, std::vector<protocol::Answer> answers, uint64_t counter,
                            std::vector<bool> signers) {
  Ballot ballot{.poll = definition.poll,
                .answers = std::move(answers),
                .voter_key = protocol::VoterPublicKey(key),
                .counter = counter};
  ballot.salt = crypto::Sha256(absl::StrCat(ballot.voter_key, counter));
  const std::string message = protocol::CredentialMessage(ballot.poll, ballot.voter_key);
  for (size_t i = 0; i < issuing_.size(); ++i) {
    ballot.credentials.push_back(MakeCredential(i, signers[i] ? message : "another message"));
  }
  ballot.signature = protocol::SignAsVoter(key, protocol::EncodeBody(ballot));
  return ballot;
}

void TestPoll::SignBallot(int voter, Ballot& ballot) {
  ballot.signature = protocol::SignAsVoter(voter_key(voter), protocol::EncodeBody(ballot));
}

std::string TestPoll::Statement(size_t issuer, int64_t issued, bool final) {
  return crypto::Ed25519Sign(
      *statement_[issuer],
      protocol::IssuedStatementBytes(definition.poll, static_cast<uint64_t>(issued), final,
                                     definition.issuers[issuer].public_key));
}

protocol::ClosingRecord TestPoll::MakeClosingRecord(std::vector<int64_t> issued) {
  protocol::ClosingRecord record{.close_time = definition.close_time, .eligible = 100};
  for (size_t i = 0; i < issuing_.size(); ++i) {
    record.issuers.push_back({.name = definition.issuers[i].name,
                              .issued = issued[i],
                              .statement = Statement(i, issued[i])});
  }
  return record;
}

merkle::SignedHead TestPoll::MakeHead(const std::vector<std::string>& entries) {
  merkle::Frontier tree;
  for (const std::string& entry : entries) tree.Append({merkle::LeafHash(entry)});
  return *merkle::SignHead({.log_id = definition.poll,
                            .size = tree.size(),
                            .unix_seconds = head_time,
                            .root = tree.Root()},
                           *board_);
}

std::vector<std::string> TestPoll::MakeBoard(const std::vector<Ballot>& ballots,
                                             std::vector<int64_t> issued) {
  using protocol::EncodeEntry;
  using protocol::EntryKind;
  std::vector<std::string> entries = {
      EncodeEntry(EntryKind::kDefinition, protocol::EncodeDefinition(definition))};
  for (const Ballot& ballot : ballots) entries.push_back(EncodeEntry(ballot));
  entries.push_back(EncodeEntry(EntryKind::kClosingRecord,
                                protocol::EncodeClosingRecord(MakeClosingRecord(issued))));
  return entries;
}

std::vector<protocol::Answer> SomeAnswers() {
  return {{"park", {"north"}},
          {"sports", {"o1", "o3"}},
          {"buses", {"4"}},
          {"names", {"b", "a"}},
          {"money", {"p1", "p2"}}};
}

}  // namespace veche::polling::testing
