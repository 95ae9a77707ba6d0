#include "services/identity/delivery/file_outbox.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using veche::testing::StatusIs;

TEST(FileOutboxTest, IsUnavailableWhenItCannotWrite) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "outbox") << "a file in the way";
  FileOutbox outbox(folder.path() / "outbox");
  EXPECT_THAT(outbox.Send({.id = "m"}), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(FileOutboxTest, DeletesOldFilesOnly) {
  const testing::TemporaryFolder folder;
  FileOutbox outbox(folder.path() / "outbox");
  ASSERT_OK(outbox.Send({.id = "old"}));
  ASSERT_OK(outbox.Send({.id = "new"}));
  const std::filesystem::path old = folder.path() / "outbox/old.json";
  std::filesystem::last_write_time(
      old, std::filesystem::last_write_time(old) - std::chrono::hours(24 * 31));
  outbox.Prune(absl::Now());
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "outbox/new.json"));
}

TEST(FileOutboxTest, HasTheLinkThatEndsMessages) {
  const testing::TemporaryFolder folder;
  FileOutbox outbox(folder.path() / "outbox");
  ASSERT_OK(outbox.Send({.id = "m", .html = "<p>", .unsubscribe_url = "https://city.example/u"}));
  std::ostringstream text;
  text << std::ifstream(folder.path() / "outbox/m.json").rdbuf();
  EXPECT_NE(text.str().find(R"("unsubscribeUrl":"https://city.example/u")"), std::string::npos);
  EXPECT_NE(text.str().find(R"("html":)"), std::string::npos);
}

}  // namespace
}  // namespace veche::identity
