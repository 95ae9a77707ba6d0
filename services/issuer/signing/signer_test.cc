#include "services/issuer/signing/signer.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/testing/status_matchers.h"

namespace veche::issuer {
namespace {

using veche::testing::HasReason;
using veche::testing::StatusIs;

std::string Two(const blind_rsa::PrivateKey& key) {
  std::string number(key.public_key().modulus_bytes(), '\0');
  number.back() = 2;
  return number;
}

TEST(SignerTest, RefusesMoreThanMayWait) {
  const blind_rsa::PrivateKey key = blind_rsa::PrivateKey::Generate();
  Signer none({.at_once = 0, .waiting = 0});
  EXPECT_THAT(none.Sign(key, Two(key)), HasReason("ISSUER_BUSY"));
  Signer one({.at_once = 1, .waiting = 16});
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { EXPECT_OK(one.Sign(key, Two(key))); });
  }
  for (std::thread& thread : threads) thread.join();
  // A wrong value gives its place back.
  EXPECT_THAT(one.Sign(key, "short"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(one.Sign(key, Two(key)));
}

}  // namespace
}  // namespace veche::issuer
