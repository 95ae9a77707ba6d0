#include "common/crypto/ed25519.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/testing/status_matchers.h"

namespace veche::crypto {
namespace {

using veche::testing::StatusIs;

// RFC 8032, section 7.1, test 2.
TEST(Ed25519Test, VerifiesTheVectorOfTheRfc) {
  const EvpKey key = Ed25519FromPublic(
      absl::HexStringToBytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  ASSERT_NE(key, nullptr);
  const std::string signature = absl::HexStringToBytes(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(Ed25519Verify(*key, "\x72", signature));
  EXPECT_FALSE(Ed25519Verify(*key, "\x73", signature));
  EXPECT_FALSE(Ed25519Verify(*key, "\x72", signature.substr(1)));
}

TEST(Ed25519Test, KeepsAKeyAsPem) {
  const EvpKey key = GenerateEd25519();
  const absl::StatusOr<EvpKey> read = Ed25519FromPem(Ed25519ToPem(*key));
  ASSERT_OK(read);
  EXPECT_TRUE(Ed25519Verify(*key, "text", Ed25519Sign(**read, "text")));
  EXPECT_THAT(Ed25519FromPem("no PEM"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Ed25519Test, RefusesPublicKeysOfOtherLengths) {
  EXPECT_EQ(Ed25519FromPublic(std::string(31, 'x')), nullptr);
  EXPECT_EQ(Ed25519FromPublic(std::string(33, 'x')), nullptr);
}

}  // namespace
}  // namespace veche::crypto
