// generate_board FILE BALLOTS: writes the board of a closed poll with a question of each type and
// that many ballots, each of another voter, for `./dev bench recount`. Signs on all cores: an RSA
// signature for each ballot takes most of the time. Needs VECHE_SOURCE_DIR for the test keys.

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling {
namespace {

using protocol::Ballot;
using protocol::Definition;
using testing::TestPoll;

// The issuer's signature as the voter unblinds it: plain RSA-PSS.
std::string SignCredential(EVP_PKEY& key, const std::string& text) {
  std::string signature(protocol::kCredentialBytes, '\0');
  size_t size = signature.size();
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestSignInit(context.get(), &options, EVP_sha384(), nullptr, &key) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 48) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    std::abort();
  }
  return signature;
}

std::vector<protocol::Answer> RandomAnswers(const Definition& definition, std::mt19937_64& random) {
  std::vector<protocol::Answer> answers;
  for (const Definition::Question& question : definition.questions) {
    protocol::Answer answer{.question = question.id};
    std::vector<Definition::Option> options = question.options;
    std::shuffle(options.begin(), options.end(), random);
    const size_t count = 1 + random() % static_cast<uint64_t>(question.max);
    int64_t spent = 0;
    for (const Definition::Option& option : options) {
      if (answer.options.size() == count) break;
      if (question.budget > 0 && spent + option.price > question.budget) continue;
      spent += option.price;
      answer.options.push_back(option.id);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string RandomEntry(const Definition& definition, EVP_PKEY& issuer, std::mt19937_64& random) {
  const crypto::EvpKey voter = protocol::GenerateVoterKey();
  Ballot ballot{.poll = definition.poll,
                .answers = RandomAnswers(definition, random),
                .voter_key = protocol::VoterPublicKey(*voter),
                .counter = 1};
  ballot.salt = crypto::Sha256(ballot.voter_key);
  const std::string prefix = crypto::Sha256(ballot.salt);
  ballot.credentials.push_back(
      {prefix, SignCredential(
                   issuer, prefix + protocol::CredentialMessage(ballot.poll, ballot.voter_key))});
  ballot.signature = protocol::SignAsVoter(*voter, protocol::EncodeBody(ballot));
  return protocol::EncodeEntry(ballot);
}

int Generate(const std::string& name, size_t count) {
  TestPoll poll;
  const crypto::Secret der = poll.issuing_key(0).ToPkcs8();
  std::vector<std::string> entries = poll.MakeBoard({}, {static_cast<int64_t>(count)});
  entries.insert(entries.begin() + 1, count, "");
  const size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> signers;
  for (size_t t = 0; t < threads; ++t) {
    signers.emplace_back([&, t] {
      std::mt19937_64 random(t);
      const auto* in = reinterpret_cast<const unsigned char*>(der.view().data());
      const crypto::EvpKey issuer(
          d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(der.view().size())));
      for (size_t i = t; i < count; i += threads) {
        entries[i + 1] = RandomEntry(poll.definition, *issuer, random);
      }
    });
  }
  for (std::thread& signer : signers) signer.join();
  std::ofstream file(name, std::ios::binary);
  file << protocol::EncodeBoardHeader(poll.MakeHead(entries));
  for (const std::string& entry : entries) file << protocol::EncodeBoardEntry(entry);
  return file.flush() ? 0 : 1;
}

}  // namespace
}  // namespace veche::polling

int main(int argc, char** argv) {
  size_t count = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &count)) {
    std::cerr << "usage: generate_board FILE BALLOTS\n";
    return 2;
  }
  return veche::polling::Generate(argv[1], count);
}
