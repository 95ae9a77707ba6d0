#include "common/merkle/signed_head.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/ed25519.h"
#include "common/testing/status_matchers.h"

namespace veche::merkle {
namespace {

using veche::testing::StatusIs;

Head AHead() {
  Hash root;
  root.fill(0xab);
  return {.log_id = "polls/1", .size = 0x0102, .unix_seconds = 1'700'000'000, .root = root};
}

class SignedHeadTest : public ::testing::Test {
 protected:
  const crypto::EvpKey key_ = crypto::GenerateEd25519();
  const crypto::EvpKey public_key_ = crypto::Ed25519FromPublic(crypto::Ed25519PublicBytes(*key_));
};

TEST_F(SignedHeadTest, BytesAreThoseOfTheProtocol) {
  const absl::StatusOr<std::string> bytes = HeadBytes(AHead());
  ASSERT_OK(bytes);
  EXPECT_EQ(absl::BytesToHexString(*bytes),
            absl::StrCat("76656368652f686561642f7631",  // veche/head/v1
                         "0007", "706f6c6c732f31",      // polls/1
                         "0000000000000102",            //
                         "000000006553f100",            // 2023-11-14T22:13:20Z
                         absl::BytesToHexString(std::string(32, '\xab'))));
}

TEST_F(SignedHeadTest, VerifiesWithThePublicKey) {
  const absl::StatusOr<SignedHead> head = SignHead(AHead(), *key_);
  ASSERT_OK(head);
  EXPECT_EQ(head->signature.size(), 64u);
  EXPECT_TRUE(VerifyHead(*head, *public_key_));
  EXPECT_FALSE(VerifyHead(*head, *crypto::GenerateEd25519()));
}

TEST_F(SignedHeadTest, FailsWithAnyChange) {
  const SignedHead head = *SignHead(AHead(), *key_);
  SignedHead changed = head;
  changed.head.log_id = "polls/2";
  EXPECT_FALSE(VerifyHead(changed, *public_key_));
  changed = head;
  ++changed.head.size;
  EXPECT_FALSE(VerifyHead(changed, *public_key_));
  changed = head;
  ++changed.head.unix_seconds;
  EXPECT_FALSE(VerifyHead(changed, *public_key_));
  changed = head;
  changed.head.root[31] ^= 1;
  EXPECT_FALSE(VerifyHead(changed, *public_key_));
  for (size_t i = 0; i < head.signature.size(); ++i) {
    changed = head;
    changed.signature[i] ^= 1;
    EXPECT_FALSE(VerifyHead(changed, *public_key_));
    changed.signature.resize(i);
    EXPECT_FALSE(VerifyHead(changed, *public_key_));
  }
  changed = head;
  changed.signature += '\0';
  EXPECT_FALSE(VerifyHead(changed, *public_key_));
}

TEST_F(SignedHeadTest, RefusesALogIdThatDoesNotFit) {
  SignedHead head = {AHead(), std::string(64, '\0')};
  for (size_t size : {0, 65'536}) {
    head.head.log_id = std::string(size, 'a');
    EXPECT_THAT(SignHead(head.head, *key_), StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_FALSE(VerifyHead(head, *public_key_));
  }
  head.head.log_id = std::string(65'535, 'a');
  EXPECT_OK(SignHead(head.head, *key_));
}

}  // namespace
}  // namespace veche::merkle
