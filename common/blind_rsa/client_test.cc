#include "common/blind_rsa/client.h"

#include <gtest/gtest.h>

#include "common/blind_rsa/blinding.h"
#include "common/blind_rsa/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::blind_rsa {
namespace {

using testing::ModulusOf;
using testing::Plus;
using veche::testing::StatusIs;

const auto IsInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

class ClientTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { signer_ = std::make_unique<PrivateKey>(PrivateKey::Generate()); }
  static void TearDownTestSuite() { signer_.reset(); }

  const PublicKey& key() const { return signer_->public_key(); }

  static std::unique_ptr<PrivateKey> signer_;
  const Prepared prepared_ = Prepare("ballot");
  const Blinding blinding_ = *Blind(key(), prepared_);
};
std::unique_ptr<PrivateKey> ClientTest::signer_;

TEST_F(ClientTest, GetsASignatureOnAMessageThatTheSignerDoesNotSee) {
  for (const std::string& message :
       {std::string(), std::string("ballot"), std::string(5000, 'x')}) {
    const Prepared prepared = Prepare(message);
    const absl::StatusOr<Blinding> blinding = Blind(key(), prepared);
    ASSERT_OK(blinding);
    const absl::StatusOr<std::string> answer = signer_->BlindSign(blinding->blinded);
    ASSERT_OK(answer);
    const absl::StatusOr<std::string> signature =
        Finalize(key(), prepared, *answer, blinding->inverse);
    ASSERT_OK(signature);
    EXPECT_TRUE(key().Verify(message, prepared.prefix, *signature));
    EXPECT_NE(*signature, *answer);
  }
}

TEST_F(ClientTest, BlindsTheSameMessageDifferentlyEachTime) {
  const Blinding again = *Blind(key(), prepared_);
  EXPECT_NE(again.blinded, blinding_.blinded);
  EXPECT_NE(again.inverse, blinding_.inverse);
  const Prepared other = Prepare("ballot");
  EXPECT_EQ(other.prefix.size(), kPrefixBytes);
  EXPECT_NE(other.prefix, prepared_.prefix);
}

TEST_F(ClientTest, RefusesAPrefixOfAnotherLength) {
  for (size_t size : {0, 31, 33}) {
    EXPECT_THAT(Blind(key(), {std::string(size, 'p'), "ballot"}), IsInvalid);
  }
}

TEST_F(ClientTest, RefusesABlindingNumberWithoutInverse) {
  const std::string zero(key().modulus_bytes(), '\0');
  EXPECT_THAT(internal::BlindWith(key(), "input", "salt", zero), IsInvalid);
  EXPECT_THAT(internal::BlindWith(key(), "input", "salt", ModulusOf(key())), IsInvalid);
}

TEST_F(ClientTest, RefusesAnswersThatAreNoSignature) {
  const std::string answer = *signer_->BlindSign(blinding_.blinded);
  EXPECT_OK(Finalize(key(), prepared_, answer, blinding_.inverse));
  EXPECT_THAT(Finalize(key(), prepared_, Plus(answer, 1), blinding_.inverse), IsInvalid);
  EXPECT_THAT(Finalize(key(), prepared_, blinding_.blinded, blinding_.inverse), IsInvalid);
  EXPECT_THAT(Finalize(key(), prepared_, answer, Plus(blinding_.inverse, 1)), IsInvalid);
  EXPECT_THAT(Finalize(key(), Prepare("ballot"), answer, blinding_.inverse), IsInvalid);
  EXPECT_THAT(Finalize(key(), {prepared_.prefix, "other"}, answer, blinding_.inverse), IsInvalid);
  EXPECT_THAT(Finalize(PrivateKey::Generate().public_key(), prepared_, answer, blinding_.inverse),
              IsInvalid);
}

TEST_F(ClientTest, RefusesAnswersOfAnotherLength) {
  const std::string answer = *signer_->BlindSign(blinding_.blinded);
  for (const std::string& bad :
       {std::string(), answer.substr(1), answer + '\0', '\0' + answer, std::string(1 << 20, 'x')}) {
    EXPECT_THAT(Finalize(key(), prepared_, bad, blinding_.inverse), IsInvalid);
    EXPECT_THAT(Finalize(key(), prepared_, answer, bad), IsInvalid);
  }
  for (char fill : {'\0', '\xff'}) {
    const std::string filled(answer.size(), fill);
    EXPECT_THAT(Finalize(key(), prepared_, filled, blinding_.inverse), IsInvalid);
  }
}

}  // namespace
}  // namespace veche::blind_rsa
