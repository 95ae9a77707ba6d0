#include "services/identity/vault/vault.h"

#include <gtest/gtest.h>

#include <fstream>

#include "services/identity/testing/fixture.h"
#include "services/identity/vault/refresh_token.h"

namespace veche::identity {
namespace {

using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

const std::string kKey(32, 'k');

TEST(VaultTest, MakesItsKeyOnceForItsOwnerAlone) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "identity.key";
  const absl::StatusOr<Vault> first = Vault::Open(file, /*may_create=*/true);
  ASSERT_OK(first);
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const absl::StatusOr<Vault> second = Vault::Open(file, /*may_create=*/false);
  ASSERT_OK(second);
  EXPECT_THAT(second->Unseal(first->Seal("x", "c"), "c"), IsOkAndHolds("x"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(VaultTest, RefusesAMissingBrokenOrReadableKey) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "identity.key";
  EXPECT_THAT(Vault::Open(file, /*may_create=*/false), StatusIs(absl::StatusCode::kNotFound));
  std::ofstream(file) << "too short";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  EXPECT_THAT(Vault::Open(file, true), StatusIs(absl::StatusCode::kFailedPrecondition));
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  EXPECT_THAT(Vault::Open(file, true), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(VaultTest, AResidentsKeyIsTheirsAlone) {
  const Vault vault(kKey);
  const std::string wrapped = vault.NewWrappedKey("r1");
  EXPECT_THAT(vault.Unwrap("r2", wrapped), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Vault(std::string(32, 'x')).Unwrap("r1", wrapped),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_OK(vault.Unwrap("r1", wrapped));
}

TEST(RefreshTokenTest, OnlyOurOwnAreAuthentic) {
  const Vault vault(kKey);
  const RefreshTokens tokens(vault);
  const std::string first = tokens.First("s1");
  EXPECT_EQ(tokens.SessionOf(first), "s1");
  EXPECT_EQ(tokens.SessionOf(tokens.Next(first)), "s1");
  EXPECT_NE(first, tokens.First("s1"));
  EXPECT_EQ(tokens.Next(first), tokens.Next(first));
  EXPECT_NE(tokens.Next(first), first);

  const Vault other_vault(std::string(32, 'x'));
  EXPECT_EQ(tokens.SessionOf(RefreshTokens(other_vault).First("s1")), std::nullopt);
  EXPECT_EQ(tokens.SessionOf("s2" + first.substr(2)), std::nullopt);
  for (const char* token : {"", ".", "..", "s1..", "s1.a.b", "s1.a.b.c"}) {
    EXPECT_EQ(tokens.SessionOf(token), std::nullopt) << token;
  }
}

}  // namespace
}  // namespace veche::identity
