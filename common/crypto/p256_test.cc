#include "common/crypto/p256.h"

#include <gtest/gtest.h>

#include "common/crypto/ed25519.h"
#include "common/testing/status_matchers.h"

namespace veche::crypto {
namespace {

using ::veche::testing::StatusIs;

TEST(P256Test, KeepsKeys) {
  const EvpKey key = GenerateP256();
  const auto again = P256FromPem(P256ToPem(*key));
  ASSERT_OK(again);
  EXPECT_EQ(P256Point(**again), P256Point(*key));
  const EvpKey point = P256FromPoint(P256Point(*key));
  ASSERT_NE(point, nullptr);
  EXPECT_EQ(P256Point(*point), P256Point(*key));
}

TEST(P256Test, RefusesWhatIsNoKey) {
  EXPECT_THAT(P256FromPem("hello"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(P256FromPem(Ed25519ToPem(*GenerateEd25519())),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string good = P256Point(*GenerateP256());
  std::string off_curve = good;
  off_curve[64] ^= 1;
  std::string compressed = good.substr(0, 33);
  compressed[0] = 2;
  for (const std::string& point :
       {std::string(), good.substr(1), good + "x", off_curve, compressed, std::string(65, '\0'),
        std::string("\x04") + std::string(64, '\0')}) {
    EXPECT_EQ(P256FromPoint(point), nullptr);
  }
}

TEST(P256Test, AgreesOnASecret) {
  const EvpKey a = GenerateP256(), b = GenerateP256(), c = GenerateP256();
  EXPECT_EQ(P256SharedSecret(*a, *P256FromPoint(P256Point(*b))),
            P256SharedSecret(*b, *P256FromPoint(P256Point(*a))));
  EXPECT_NE(P256SharedSecret(*a, *b), P256SharedSecret(*a, *c));
}

TEST(P256Test, SignsAndVerifies) {
  const EvpKey key = GenerateP256(), other = GenerateP256();
  std::string signature = SignEs256(*key, "text");
  EXPECT_EQ(signature.size(), 64);
  EXPECT_TRUE(VerifyEs256(*key, "text", signature));
  EXPECT_FALSE(VerifyEs256(*key, "another", signature));
  EXPECT_FALSE(VerifyEs256(*other, "text", signature));
  signature[10] ^= 1;
  EXPECT_FALSE(VerifyEs256(*key, "text", signature));
  EXPECT_FALSE(VerifyEs256(*key, "text", ""));
}

}  // namespace
}  // namespace veche::crypto
