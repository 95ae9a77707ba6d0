#include "common/redis/protocol.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace veche::redis {
namespace {

// nil, 3, "text", error OOM, [1 nil ].
std::string Show(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::kNil:
      return "nil";
    case Reply::Kind::kInteger:
      return absl::StrCat(reply.integer);
    case Reply::Kind::kText:
      return absl::StrCat("\"", reply.text, "\"");
    case Reply::Kind::kError:
      return absl::StrCat("error ", reply.text);
    case Reply::Kind::kList:
      break;
  }
  std::string list = "[";
  for (const Reply& one : reply.list) absl::StrAppend(&list, Show(one), " ");
  return list + "]";
}

TEST(ProtocolTest, WritesArgumentsOfAnyBytes) {
  std::string out = "before";
  AppendCommand({"SET", "key", std::string("\0\r\n", 3), ""}, out);
  EXPECT_EQ(out, absl::StrCat("before*4\r\n$3\r\nSET\r\n$3\r\nkey\r\n$3\r\n",
                              std::string("\0\r\n", 3), "\r\n$0\r\n\r\n"));
}

TEST(ProtocolTest, ReadsReplies) {
  const std::pair<const char*, const char*> kCases[] = {
      {"+OK\r\n", "\"OK\""},
      {":-7\r\n", "-7"},
      {"$-1\r\n", "nil"},
      {"*-1\r\n", "nil"},
      {"$5\r\na\r\nbc\r\n", "\"a\r\nbc\""},
      {"*0\r\n", "[]"},
      {"*3\r\n$1\r\na\r\n:1\r\n*1\r\n$-1\r\n", "[\"a\" 1 [nil ] ]"},
      {"-OOM no memory\r\n", "error OOM no memory"},
  };
  for (const auto& [bytes, expected] : kCases) {
    ReplyReader reader;
    reader.Feed(bytes);
    const auto reply = reader.Next();
    ASSERT_OK(reply) << bytes;
    ASSERT_TRUE(reply->has_value()) << bytes;
    EXPECT_EQ(Show(**reply), expected);
  }
}

TEST(ProtocolTest, WaitsForTheRestOfAReply) {
  ReplyReader reader;
  const std::string bytes = "*2\r\n$2\r\nab\r\n:1\r\n+next\r\n";
  int replies = 0;
  for (const char c : bytes) {
    reader.Feed({&c, 1});
    const auto reply = reader.Next();
    ASSERT_OK(reply);
    replies += reply->has_value();
  }
  EXPECT_EQ(replies, 2);
}

TEST(ProtocolTest, RefusesWhatIsNoReply) {
  for (const char* bytes : {"HTTP/1.1 400 Bad Request\r\n", "$x\r\n", "*99999999999999999999\r\n",
                            "$-9\r\n", "%1\r\n+a\r\n+b\r\n"}) {
    ReplyReader reader;
    reader.Feed(bytes);
    EXPECT_TRUE(absl::IsDataLoss(reader.Next().status())) << bytes;
    EXPECT_TRUE(absl::IsDataLoss(reader.Next().status())) << "stays broken";
  }
}

}  // namespace
}  // namespace veche::redis
