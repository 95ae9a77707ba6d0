#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/blind_rsa/blinding.h"
#include "common/blind_rsa/client.h"
#include "common/blind_rsa/keys.h"
#include "common/blind_rsa/testing.h"
#include "common/testing/status_matchers.h"

// The vectors of RFC 9474, appendix A. The four variants differ in salt and prefix only, so that
// all of them exercise blinding, the private operation and unblinding. Verify is that of
// RSABSSA-SHA384-PSS-Randomized: it also holds for a Deterministic vector whose first 32 bytes are
// taken as the prefix, and it must refuse the PSSZERO vectors, which have no salt.

namespace veche::blind_rsa {
namespace {

using testing::InverseOf;
using testing::Rfc9474Vectors;
using testing::Vector;
using veche::testing::IsOkAndHolds;

PrivateKey KeyOf(const Vector& vector) {
  return *PrivateKey::FromPkcs8(testing::Pkcs8Of(vector.n, vector.e, vector.d, vector.p, vector.q),
                                kAnyBits);
}

TEST(Rfc9474Test, HasAllFourVariants) {
  std::vector<std::string> names;
  for (const Vector& vector : Rfc9474Vectors()) names.push_back(vector.name);
  EXPECT_THAT(names, ::testing::ElementsAre("RSABSSA-SHA384-PSS-Randomized",
                                            "RSABSSA-SHA384-PSSZERO-Randomized",
                                            "RSABSSA-SHA384-PSS-Deterministic",
                                            "RSABSSA-SHA384-PSSZERO-Deterministic"));
}

TEST(Rfc9474Test, BlindsAsTheVectors) {
  for (const Vector& vector : Rfc9474Vectors()) {
    SCOPED_TRACE(vector.name);
    ASSERT_EQ(vector.input, vector.prefix + vector.message);
    const absl::StatusOr<Blinding> blinding = internal::BlindWith(
        KeyOf(vector).public_key(), vector.input, vector.salt, InverseOf(vector.inverse, vector.n));
    ASSERT_OK(blinding);
    EXPECT_EQ(blinding->blinded, vector.blinded);
    EXPECT_EQ(blinding->inverse, vector.inverse);
  }
}

TEST(Rfc9474Test, SignsAsTheVectors) {
  for (const Vector& vector : Rfc9474Vectors()) {
    SCOPED_TRACE(vector.name);
    EXPECT_THAT(KeyOf(vector).BlindSign(vector.blinded), IsOkAndHolds(vector.blind_signature));
  }
}

TEST(Rfc9474Test, UnblindsAsTheVectors) {
  for (const Vector& vector : Rfc9474Vectors()) {
    SCOPED_TRACE(vector.name);
    EXPECT_EQ(internal::Unblind(KeyOf(vector).public_key(), vector.blind_signature, vector.inverse),
              vector.signature);
  }
}

TEST(Rfc9474Test, FinalizesAndVerifiesTheRandomizedVector) {
  const Vector vector = Rfc9474Vectors()[0];
  const PublicKey key = KeyOf(vector).public_key();
  EXPECT_THAT(
      Finalize(key, {vector.prefix, vector.message}, vector.blind_signature, vector.inverse),
      IsOkAndHolds(vector.signature));
  EXPECT_TRUE(key.Verify(vector.message, vector.prefix, vector.signature));
  EXPECT_FALSE(key.Verify(vector.input, "", vector.signature)) << "prefix of another length";
}

TEST(Rfc9474Test, VerifiesASaltOf48BytesOnly) {
  for (const Vector& vector : Rfc9474Vectors()) {
    SCOPED_TRACE(vector.name);
    const std::string prefix = vector.input.substr(0, kPrefixBytes);
    const std::string message = vector.input.substr(kPrefixBytes);
    const PublicKey key = KeyOf(vector).public_key();
    EXPECT_EQ(key.Verify(message, prefix, vector.signature), vector.salt.size() == kSaltBytes);
    EXPECT_EQ(Finalize(key, {prefix, message}, vector.blind_signature, vector.inverse).ok(),
              vector.salt.size() == kSaltBytes);
  }
}

}  // namespace
}  // namespace veche::blind_rsa
