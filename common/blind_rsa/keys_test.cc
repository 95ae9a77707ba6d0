#include "common/blind_rsa/keys.h"

#include <gtest/gtest.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <thread>

#include "common/blind_rsa/client.h"
#include "common/blind_rsa/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::blind_rsa {
namespace {

using testing::ModulusOf;
using testing::Plus;
using testing::PssSign;
using testing::SpkiOf;
using testing::Vector;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

const auto IsInvalid = StatusIs(absl::StatusCode::kInvalidArgument);
constexpr absl::string_view kExponent("\x01\x00\x01", 3);

class KeysTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { key_ = std::make_unique<PrivateKey>(PrivateKey::Generate()); }
  static void TearDownTestSuite() { key_.reset(); }

  const PublicKey& public_key() const { return key_->public_key(); }
  std::string Modulus() const { return ModulusOf(public_key()); }

  static std::unique_ptr<PrivateKey> key_;
  const std::string prefix_ = std::string(kPrefixBytes, 'p');
};
std::unique_ptr<PrivateKey> KeysTest::key_;

TEST_F(KeysTest, APublicKeySurvivesItsEncoding) {
  const std::string der = public_key().ToSpki();
  const absl::StatusOr<PublicKey> read = PublicKey::FromSpki(der);
  ASSERT_OK(read);
  EXPECT_EQ(read->ToSpki(), der);
  EXPECT_EQ(read->modulus_bytes(), 384u);
  EXPECT_EQ(ModulusOf(*read), Modulus());
}

TEST_F(KeysTest, APrivateKeySurvivesItsEncoding) {
  const absl::StatusOr<PrivateKey> read = PrivateKey::FromPkcs8(key_->ToPkcs8().view());
  ASSERT_OK(read);
  EXPECT_EQ(read->public_key().ToSpki(), public_key().ToSpki());
  EXPECT_EQ(read->ToPkcs8().view(), key_->ToPkcs8().view());
  const std::string blinded = Plus(Modulus(), -2);
  EXPECT_THAT(read->BlindSign(blinded), IsOkAndHolds(*key_->BlindSign(blinded)));
}

TEST_F(KeysTest, RefusesPublicKeysOfAnotherKind) {
  EXPECT_THAT(PublicKey::FromSpki(""), IsInvalid);
  EXPECT_THAT(PublicKey::FromSpki("no DER"), IsInvalid);
  EXPECT_THAT(PublicKey::FromSpki(key_->ToPkcs8().view()), IsInvalid);
  const crypto::EvpKey curve(EVP_EC_gen("P-256"));
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(curve.get(), &data);
  ASSERT_GT(size, 0);
  EXPECT_THAT(PublicKey::FromSpki(std::string(reinterpret_cast<char*>(data), size)), IsInvalid);
  OPENSSL_free(data);
  const std::string pss = SpkiOf(Modulus(), kExponent, "RSA-PSS");
  ASSERT_NE(pss, public_key().ToSpki());
  EXPECT_THAT(PublicKey::FromSpki(pss), IsInvalid);
}

TEST_F(KeysTest, RefusesPublicKeysWithOtherNumbers) {
  const std::string n = Modulus();
  EXPECT_OK(PublicKey::FromSpki(SpkiOf(n, kExponent)));
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(n, "\x03")), IsInvalid);
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(n, "\x01\x02\x01")), IsInvalid);
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(Plus(n, -1), kExponent)), IsInvalid) << "even";
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(n.substr(1), kExponent)), IsInvalid) << "3064 bits";
  EXPECT_OK(PublicKey::FromSpki(SpkiOf(n.substr(0, 256 - 1) + "\x01", kExponent), kAnyBits));
  EXPECT_THAT(PublicKey::FromSpki(SpkiOf(n.substr(0, 128 - 1) + "\x01", kExponent), kAnyBits),
              IsInvalid)
      << "1024 bits";
}

TEST_F(KeysTest, RefusesEveryOtherEncodingOfAPublicKey) {
  const std::string der = public_key().ToSpki();
  EXPECT_THAT(PublicKey::FromSpki(der + '\0'), IsInvalid);
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_THAT(PublicKey::FromSpki(der.substr(0, size)), IsInvalid);
  }
  EXPECT_THAT(PublicKey::FromSpki(std::string(1 << 20, '0')), IsInvalid);
}

TEST_F(KeysTest, RefusesPrivateKeysOfAnotherKindOrSize) {
  const std::string der(key_->ToPkcs8().view());
  EXPECT_THAT(PrivateKey::FromPkcs8(""), IsInvalid);
  EXPECT_THAT(PrivateKey::FromPkcs8(public_key().ToSpki()), IsInvalid);
  EXPECT_THAT(PrivateKey::FromPkcs8(der + '\0'), IsInvalid);
  EXPECT_THAT(PrivateKey::FromPkcs8(der.substr(0, der.size() - 1)), IsInvalid);
  EXPECT_THAT(PrivateKey::FromPkcs8(der, 4096), IsInvalid);
}

TEST_F(KeysTest, SignsOnlyNumbersThatHideSomething) {
  const std::string n = Modulus();
  const std::string zero(n.size(), '\0');
  for (const std::string& bad :
       {zero, Plus(zero, 1), Plus(n, -1), n, Plus(n, 1), std::string(n.size(), '\xff')}) {
    EXPECT_THAT(key_->BlindSign(bad), IsInvalid);
  }
  EXPECT_OK(key_->BlindSign(Plus(zero, 2)));
  EXPECT_OK(key_->BlindSign(Plus(n, -2)));
}

TEST_F(KeysTest, SignsOnlyMessagesAsLongAsTheModulus) {
  const std::string blinded = Plus(Modulus(), -2);
  for (const std::string& bad : {std::string(), blinded.substr(1), blinded.substr(0, 383),
                                 '\0' + blinded, blinded + '\0', std::string(1 << 20, '\x01')}) {
    EXPECT_THAT(key_->BlindSign(bad), IsInvalid);
  }
}

TEST_F(KeysTest, SignsTheSameMessageAlike) {
  const std::string blinded = Plus(Modulus(), -12345);
  const absl::StatusOr<std::string> signature = key_->BlindSign(blinded);
  ASSERT_OK(signature);
  EXPECT_EQ(signature->size(), 384u);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        EXPECT_THAT(key_->BlindSign(blinded), IsOkAndHolds(*signature));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(KeysTest, GivesAwayNoSignatureOfAFaultyKey) {
  const Vector vector = testing::Rfc9474Vectors()[0];
  const absl::StatusOr<PrivateKey> faulty = PrivateKey::FromPkcs8(
      testing::Pkcs8Of(vector.n, vector.e, Plus(vector.d, 2), vector.p, vector.q), kAnyBits);
  ASSERT_OK(faulty);
  EXPECT_THAT(faulty->BlindSign(vector.blinded), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(KeysTest, VerifiesSignaturesOfOpenSslWithASaltOf48BytesOnly) {
  const std::string text = prefix_ + "message";
  EXPECT_TRUE(public_key().Verify("message", prefix_, PssSign(*key_, text, 48)));
  for (int salt : {0, 20, 32, 47, 49, RSA_PSS_SALTLEN_MAX}) {
    EXPECT_FALSE(public_key().Verify("message", prefix_, PssSign(*key_, text, salt))) << salt;
  }
}

TEST_F(KeysTest, VerifiesNoOtherPaddingOrHash) {
  const std::string text = prefix_ + "message";
  EXPECT_FALSE(public_key().Verify("message", prefix_, testing::Pkcs1Sign(*key_, text)));
}

TEST_F(KeysTest, VerifiesOnlyThisMessageWithThisPrefixByThisKey) {
  const std::string signature = PssSign(*key_, prefix_ + "message", 48);
  EXPECT_TRUE(public_key().Verify("message", prefix_, signature));
  EXPECT_FALSE(public_key().Verify("messagf", prefix_, signature));
  EXPECT_FALSE(public_key().Verify("message", std::string(kPrefixBytes, 'q'), signature));
  EXPECT_FALSE(public_key().Verify(prefix_ + "message", "", signature));
  EXPECT_FALSE(public_key().Verify("essage", prefix_ + "m", signature));
  EXPECT_FALSE(public_key().Verify("pmessage", prefix_.substr(1), signature));
  EXPECT_FALSE(PrivateKey::Generate().public_key().Verify("message", prefix_, signature));
}

TEST_F(KeysTest, VerifiesNoChangedSignature) {
  const std::string n = Modulus();
  const std::string signature = PssSign(*key_, prefix_ + "message", 48);
  for (size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    std::string changed = signature;
    changed[bit / 8] ^= 1 << bit % 8;
    ASSERT_FALSE(public_key().Verify("message", prefix_, changed)) << bit;
  }
  const std::string zero(n.size(), '\0');
  for (const std::string& bad :
       {std::string(), signature.substr(0, 383), signature.substr(1), signature + '\0',
        '\0' + signature, std::string(1 << 20, 's'), zero, Plus(zero, 1), Plus(n, -1), n,
        Plus(n, 1), std::string(n.size(), '\xff')}) {
    EXPECT_FALSE(public_key().Verify("message", prefix_, bad));
  }
  EXPECT_TRUE(public_key().Verify("message", prefix_, signature)) << "after failures";
}

TEST_F(KeysTest, VerifiesInManyThreads) {
  const std::string signature = PssSign(*key_, prefix_ + "message", 48);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        EXPECT_TRUE(public_key().Verify("message", prefix_, signature));
        EXPECT_FALSE(public_key().Verify("massage", prefix_, signature));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace veche::blind_rsa
