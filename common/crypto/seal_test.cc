#include "common/crypto/seal.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/escaping.h"
#include "common/crypto/hmac.h"
#include "common/crypto/random.h"
#include "common/testing/status_matchers.h"

namespace veche::crypto {
namespace {

using ::testing::HasSubstr;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

const std::string kKey(32, 'k');

TEST(SealTest, SealedTextOpensWithItsKeyAndContextOnly) {
  const std::string sealed = Seal(kKey, "+79991234567", "contact");
  EXPECT_THAT(sealed, Not(HasSubstr("9991234567")));
  EXPECT_THAT(Unseal(kKey, sealed, "contact"), IsOkAndHolds("+79991234567"));
  EXPECT_THAT(Unseal(kKey, sealed, "name"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Unseal(std::string(32, 'x'), sealed, "contact"),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Unseal(kKey, "", "contact"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(SealTest, EveryChangedByteIsNoticed) {
  const std::string sealed = Seal(kKey, "secret", "context");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Unseal(kKey, changed, "context").ok()) << i;
  }
}

TEST(SealTest, TheSameTextIsSealedDifferentlyEachTime) {
  EXPECT_NE(Seal(kKey, "", "c"), Seal(kKey, "", "c"));
  EXPECT_THAT(Unseal(kKey, Seal(kKey, "", "c"), "c"), IsOkAndHolds(""));
}

TEST(HmacTest, IsThatOfRfc4231) {
  EXPECT_EQ(absl::BytesToHexString(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(RandomTest, DigitsAreAllUsed) {
  std::map<char, int> seen;
  for (char digit : RandomDigits(2000)) ++seen[digit];
  EXPECT_EQ(seen.size(), 10u);
}

}  // namespace
}  // namespace veche::crypto
