#include "services/notifications/push/vapid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/crypto/p256.h"
#include "common/testing/status_matchers.h"

namespace veche::notifications {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::veche::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr char kOrigin[] = "https://push.example";

TEST(VapidTest, SignsATokenForTheOrigin) {
  crypto::EvpKey key = crypto::GenerateP256();
  const crypto::EvpKey verifier = crypto::P256FromPoint(crypto::P256Point(*key));
  VapidSigner signer(std::move(key), "mailto:a@example.org");
  const std::string header = signer.Authorization(kOrigin, kNow);
  const std::vector<std::string> fields = absl::StrSplit(header, ", k=");
  ASSERT_THAT(fields, SizeIs(2));
  EXPECT_EQ(fields[1], signer.public_key());
  ASSERT_TRUE(absl::StartsWith(fields[0], "vapid t="));
  const std::vector<std::string> parts =
      absl::StrSplit(absl::StripPrefix(fields[0], "vapid t="), '.');
  ASSERT_THAT(parts, SizeIs(3));
  std::string head, claims, signature;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[0], &head));
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[1], &claims));
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[2], &signature));
  EXPECT_EQ(head, R"({"typ":"JWT","alg":"ES256"})");
  EXPECT_THAT(claims, HasSubstr(R"("aud":"https://push.example")"));
  EXPECT_THAT(claims, HasSubstr(R"("sub":"mailto:a@example.org")"));
  EXPECT_THAT(claims,
              HasSubstr(absl::StrCat(R"("exp":)", absl::ToUnixSeconds(kNow + absl::Hours(12)))));
  EXPECT_TRUE(crypto::VerifyEs256(*verifier, absl::StrCat(parts[0], ".", parts[1]), signature));
}

TEST(VapidTest, UsesATokenForHalfOfItsLife) {
  VapidSigner signer(crypto::GenerateP256(), "mailto:a@example.org");
  const std::string first = signer.Authorization(kOrigin, kNow);
  EXPECT_EQ(signer.Authorization(kOrigin, kNow + absl::Hours(5)), first);
  EXPECT_NE(signer.Authorization(kOrigin, kNow + absl::Hours(6)), first);
  EXPECT_NE(signer.Authorization("https://another.example", kNow), first);
  for (int i = 0; i < 3000; ++i) {
    signer.Authorization(absl::StrCat("https://", i, ".example"), kNow);  // stays bounded
  }
}

TEST(VapidTest, KeepsItsKeyInAFile) {
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "push_test.key";
  std::filesystem::remove(file);
  EXPECT_THAT(LoadVapidKey(file, false), StatusIs(absl::StatusCode::kFailedPrecondition));
  const auto made = LoadVapidKey(file, true);
  const auto read = LoadVapidKey(file, false);
  ASSERT_OK(made);
  ASSERT_OK(read);
  EXPECT_EQ(crypto::P256Point(**made), crypto::P256Point(**read));
  std::ofstream(file) << "nothing";
  EXPECT_THAT(LoadVapidKey(file, true), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(OriginTest, ReadsUrls) {
  EXPECT_EQ(OriginOf("https://Push.Example/a/b?c"), "https://push.example");
  EXPECT_EQ(OriginOf("https://push.example:443/a"), "https://push.example");
  EXPECT_EQ(OriginOf("https://push.example:8443?x"), "https://push.example:8443");
  EXPECT_EQ(OriginOf("http://[::1]:80/"), "http://[::1]");
  EXPECT_EQ(HostOf("https://push.example:8443"), "push.example");
  EXPECT_EQ(HostOf("http://[::1]:81"), "[::1]");
  for (const char* url : {"", "push.example", "ftp://a/", "https:///a", "https://u:p@a/",
                          "https://a b/", "https://%61/", "https://:443/", "https://[::1/"}) {
    EXPECT_EQ(OriginOf(url), "") << url;
  }
}

}  // namespace
}  // namespace veche::notifications
