#include "services/polling/protocol/check_ballot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <functional>
#include <thread>

#include "common/testing/status_matchers.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SomeAnswers;
using testing::TestPoll;
using veche::testing::StatusIs;

class CheckBallotTest : public ::testing::Test {
 protected:
  CheckBallotTest() { checker_ = *BallotChecker::Create(poll_.definition); }

  // The only problem of a ballot that `change` has changed and the voter has signed again.
  BallotProblem ProblemOf(const std::function<void(Ballot&)>& change) {
    Ballot ballot = valid_;
    change(ballot);
    if (!CheckForm(ballot)) poll_.SignBallot(0, ballot);
    const auto problems = checker_->Check(ballot);
    EXPECT_EQ(problems.size(), 1u);
    return problems.empty() ? BallotProblem{} : problems[0];
  }

  TestPoll poll_;
  std::unique_ptr<BallotChecker> checker_;
  const Ballot valid_ = poll_.MakeBallot(0, SomeAnswers());
};

// An RSA-PSS signature as MakeCredential makes it, but with a salt of `salt` bytes.
Credential CredentialWithSalt(const blind_rsa::PrivateKey& issuer, const std::string& message,
                              int salt) {
  const std::string der(issuer.ToPkcs8().view());
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  const crypto::EvpKey key(d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(der.size())));
  Credential credential{.prefix = std::string(kPrefixBytes, 'p'),
                        .signature = std::string(kCredentialBytes, '\0')};
  const std::string text = credential.prefix + message;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* options = nullptr;
  size_t size = credential.signature.size();
  EXPECT_EQ(EVP_DigestSignInit(context, &options, EVP_sha384(), nullptr, key.get()), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt), 1);
  EXPECT_EQ(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(credential.signature.data()),
                           &size, reinterpret_cast<const unsigned char*>(text.data()), text.size()),
            1);
  EVP_MD_CTX_free(context);
  return credential;
}

TEST_F(CheckBallotTest, TakesABallot) {
  EXPECT_THAT(checker_->Check(valid_), IsEmpty());
  const auto parsed = ParseEntry(EncodeEntry(valid_));
  ASSERT_OK(parsed);
  EXPECT_THAT(checker_->Check(*parsed), IsEmpty());
  EXPECT_THAT(checker_->Check(poll_.MakeBallot(1, {}, kMaxInteger)), IsEmpty()) << "abstention";
}

TEST_F(CheckBallotTest, RefusesABallotOfAnotherPoll) {
  EXPECT_EQ(ProblemOf([](Ballot& b) { b.poll = "another"; }).fault, BallotFault::kPoll);
  // The credential of another poll with the same keys.
  const std::string message = CredentialMessage("another", valid_.voter_key);
  EXPECT_EQ(
      ProblemOf([&](Ballot& b) { b.credentials[0] = poll_.MakeCredential(0, message); }).fault,
      BallotFault::kCredential);
}

TEST_F(CheckBallotTest, RefusesAWrongPrefixSaltOrSignature) {
  const auto wrong_prefix = ProblemOf([](Ballot& b) { b.credentials[0].prefix[0] ^= 1; });
  EXPECT_EQ(wrong_prefix.fault, BallotFault::kCredential);
  EXPECT_EQ(wrong_prefix.issuer, "city");
  const std::string message = CredentialMessage(valid_.poll, valid_.voter_key);
  for (const int salt : {0, 32, 47, 49, 64}) {
    EXPECT_EQ(ProblemOf([&](Ballot& b) {
                b.credentials[0] = CredentialWithSalt(poll_.issuing_key(0), message, salt);
              }).fault,
              BallotFault::kCredential)
        << salt;
  }
  Ballot right = valid_;
  right.credentials[0] = CredentialWithSalt(poll_.issuing_key(0), message, 48);
  poll_.SignBallot(0, right);
  EXPECT_THAT(checker_->Check(right), IsEmpty());
}

TEST_F(CheckBallotTest, RefusesChangedAnswersSaltAndCounter) {
  for (const auto& change : std::initializer_list<std::function<void(Ballot&)>>{
           [](Ballot& b) { b.answers[0].options[0] = "south"; },
           [](Ballot& b) { b.answers.pop_back(); }, [](Ballot& b) { b.salt[0] ^= 1; },
           [](Ballot& b) { ++b.counter; }, [](Ballot& b) { b.signature[63] ^= 1; }}) {
    Ballot ballot = valid_;
    change(ballot);
    const auto problems = checker_->Check(ballot);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].fault, BallotFault::kBallotSignature);
    EXPECT_EQ(problems[0].part, "ballotSignature");
  }
}

TEST_F(CheckBallotTest, RefusesAForeignKey) {
  // The credential of voter 0 in a ballot of voter 1.
  Ballot stolen = valid_;
  stolen.voter_key = VoterPublicKey(poll_.voter_key(1));
  poll_.SignBallot(1, stolen);
  auto problems = checker_->Check(stolen);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].fault, BallotFault::kCredential);
  // Everything of voter 0, but signed by voter 1.
  Ballot signed_by_other = valid_;
  poll_.SignBallot(1, signed_by_other);
  problems = checker_->Check(signed_by_other);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].fault, BallotFault::kBallotSignature);
  EXPECT_EQ(ProblemOf([](Ballot& b) { b.voter_key[90] ^= 1; }).fault, BallotFault::kVoterKey);
}

TEST_F(CheckBallotTest, RefusesTruncatedAndOversizedParts) {
  EXPECT_EQ(ProblemOf([](Ballot& b) { b.signature.resize(63); }).fault, BallotFault::kForm);
  EXPECT_EQ(ProblemOf([](Ballot& b) { b.salt.resize(1000); }).fault, BallotFault::kForm);
  const auto problem = ProblemOf([](Ballot& b) { b.counter = uint64_t{1} << 53; });
  EXPECT_EQ(problem.fault, BallotFault::kForm);
  EXPECT_EQ(problem.part, "counter");
}

TEST_F(CheckBallotTest, RefusesAnswersThatTheQuestionsDoNotAllow) {
  const std::pair<std::vector<Answer>, const char*> cases[] = {
      {{{"park", {"north", "north"}}}, "park"},
      {{{"sports", {"o1", "o1"}}}, "sports"},
      {{{"sports", {"o1", "o2", "o3"}}}, "sports"},
      {{{"park", {"west"}}}, "park"},
      {{{"buses", {"6"}}}, "buses"},
      {{{"names", {"a", "b", "a"}}}, "names"},
      {{{"money", {"p1", "p3"}}}, "money"},
      {{{"weather", {"o1"}}}, "weather"},
      {{{"park", {"north"}}, {"park", {"north"}}}, "park"},
  };
  for (const auto& [answers, question] : cases) {
    const auto problem = ProblemOf([&answers = answers](Ballot& b) { b.answers = answers; });
    EXPECT_EQ(problem.fault, BallotFault::kAnswer) << question;
    EXPECT_EQ(problem.part, question);
    EXPECT_THAT(problem.detail, HasSubstr(question));
  }
}

TEST_F(CheckBallotTest, NeedsTheSignaturesOfAllIssuers) {
  TestPoll two(2);
  const auto checker = BallotChecker::Create(two.definition);
  ASSERT_OK(checker);
  EXPECT_THAT((*checker)->Check(two.MakeBallot(0, SomeAnswers())), IsEmpty());
  const auto one = (*checker)->Check(valid_);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].fault, BallotFault::kIssuerCount);

  const Ballot city_alone = two.MakeBallot(two.voter_key(0), SomeAnswers(), 1, {true, false});
  const auto problems = (*checker)->Check(city_alone);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].fault, BallotFault::kCredential);
  EXPECT_EQ(problems[0].issuer, "union");
  EXPECT_THAT((*checker)->SignedBy(city_alone), ::testing::ElementsAre(true, false));

  Ballot swapped = two.MakeBallot(0, SomeAnswers());
  std::swap(swapped.credentials[0], swapped.credentials[1]);
  two.SignBallot(0, swapped);
  EXPECT_EQ((*checker)->Check(swapped).size(), 2u);
}

TEST_F(CheckBallotTest, RefusesADefinitionWithWrongKeys) {
  Definition definition = poll_.definition;
  definition.issuers[0].public_key.pop_back();
  EXPECT_THAT(BallotChecker::Create(definition).status().message(),
              HasSubstr("issuers[0].publicKey"));
  definition = poll_.definition;
  definition.board_key.pop_back();
  EXPECT_THAT(BallotChecker::Create(definition).status().message(), HasSubstr("boardKey"));
}

TEST_F(CheckBallotTest, ThreadsShareIt) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int j = 0; j < 50; ++j) EXPECT_THAT(checker_->Check(valid_), IsEmpty());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace veche::polling::protocol
