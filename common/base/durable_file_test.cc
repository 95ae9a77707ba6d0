#include "common/base/durable_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using testing::StatusIs;
namespace fs = std::filesystem;

class DurableFileTest : public ::testing::Test {
 protected:
  DurableFileTest() {
    std::string pattern = (fs::temp_directory_path() / "durable-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DurableFileTest() override { fs::remove_all(folder_); }

  std::string Content() const {
    std::ostringstream content;
    content << std::ifstream(file()).rdbuf();
    return content.str();
  }
  size_t CountFiles() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  fs::path file() const { return folder_ / "key"; }

  fs::path folder_;
};

TEST_F(DurableFileTest, WritesForTheOwnerAlone) {
  ASSERT_OK(WriteDurably(file(), "secret"));
  EXPECT_EQ(Content(), "secret");
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(DurableFileTest, WritesToTheWorkingFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  EXPECT_OK(WriteDurably("key", "content"));
  fs::current_path(before);
  EXPECT_EQ(Content(), "content");
}

TEST_F(DurableFileTest, ReplacesAnOlderFileAndLeavesNoOther) {
  ASSERT_OK(WriteDurably(file(), std::string(100'000, 'a')));
  ASSERT_OK(WriteDurably(file(), ""));
  EXPECT_EQ(Content(), "");
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(DurableFileTest, TellsWhichFileFailedAndNotWhatWasInIt) {
  const absl::Status no_folder = WriteDurably(folder_ / "missing" / "key", "secret");
  EXPECT_THAT(no_folder, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_NE(no_folder.message().find("missing"), absl::string_view::npos);
  EXPECT_EQ(no_folder.message().find("secret"), absl::string_view::npos);
}

TEST_F(DurableFileTest, AFailedRenameLeavesNoTemporaryFile) {
  fs::create_directory(file());
  EXPECT_THAT(WriteDurably(file(), "secret"), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(DurableFileTest, OfManyWritersOneWinsCompletely) {
  std::vector<std::thread> threads;
  for (char c = 'a'; c < 'i'; ++c) {
    threads.emplace_back([this, c] { EXPECT_OK(WriteDurably(file(), std::string(10'000, c))); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string content = Content();
  ASSERT_EQ(content.size(), 10'000u);
  EXPECT_EQ(content, std::string(10'000, content[0]));
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(DurableFileTest, OnceMeansThatTheFirstWriterWins) {
  EXPECT_OK(WriteDurablyOnce(file(), "first"));
  EXPECT_OK(WriteDurablyOnce(file(), "second"));
  EXPECT_EQ(Content(), "first");
  EXPECT_EQ(CountFiles(), 1u);
  fs::remove(file());
  std::vector<std::thread> threads;
  std::vector<std::string> read(8);
  for (size_t i = 0; i < read.size(); ++i) {
    threads.emplace_back([&, i] {
      EXPECT_OK(WriteDurablyOnce(file(), std::string(10'000, static_cast<char>('a' + i))));
      read[i] = Content();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& content : read) EXPECT_EQ(content, Content());
}

}  // namespace
}  // namespace veche
