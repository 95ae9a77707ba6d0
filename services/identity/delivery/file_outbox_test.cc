#include "services/identity/delivery/file_outbox.h"

#include <gtest/gtest.h>

#include <fstream>

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

}  // namespace
}  // namespace veche::identity
