#include "common/backup/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::backup {
namespace {

using veche::testing::StatusIs;

const Manifest& Example() {
  static const Manifest& manifest =
      *new Manifest{.time = absl::FromUnixSeconds(1'800'000'000),
                    .files = {{.path = "appeals.db", .size = 4096, .sha256 = std::string(64, 'a')},
                              {.path = "attachments/3f/a name with spaces",
                               .size = 0,
                               .sha256 = std::string(64, 'b')}}};
  return manifest;
}

TEST(ManifestTest, IsReadBack) {
  const auto read = ParseManifest(ToText(Example()));
  ASSERT_OK(read);
  EXPECT_EQ(read->time, Example().time);
  ASSERT_EQ(read->files.size(), 2u);
  EXPECT_EQ(read->files[0].path, "appeals.db");
  EXPECT_EQ(read->files[0].size, 4096);
  EXPECT_EQ(read->files[1].path, "attachments/3f/a name with spaces");
  EXPECT_EQ(read->files[1].sha256, std::string(64, 'b'));
}

TEST(ManifestTest, AnyFlippedBitIsFound) {
  const std::string text = ToText(Example());
  for (size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      EXPECT_THAT(ParseManifest(flipped), StatusIs(absl::StatusCode::kDataLoss)) << at;
    }
  }
}

TEST(ManifestTest, AnyTruncationIsFound) {
  const std::string text = ToText(Example());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_THAT(ParseManifest(text.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss)) << size;
  }
  EXPECT_THAT(ParseManifest(text + "\n"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ManifestTest, NoPathLeavesTheFolder) {
  for (const char* path : {"", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".", "a\nb"}) {
    EXPECT_FALSE(IsManifestPath(path)) << path;
    Manifest manifest = Example();
    manifest.files[0].path = path;
    EXPECT_THAT(ParseManifest(ToText(manifest)), StatusIs(absl::StatusCode::kDataLoss)) << path;
  }
  EXPECT_TRUE(IsManifestPath("..a/b..c/.hidden"));
}

}  // namespace
}  // namespace veche::backup
